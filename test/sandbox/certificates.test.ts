import { createServer } from 'node:https';
import { get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificates } from '../../src/sandbox/certificates.ts';

test('a client that trusts the authority trusts the server, by address and by name', async () => {
  const { ca, cert, key } = await makeCertificates();
  const server = createServer({ cert, key }, (_, answer) => answer.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const ask = (host: string, trusted?: string): Promise<string> =>
    new Promise((resolve) => {
      get({ host, port, agent: false, family: 4, ...(trusted ? { ca: trusted } : {}) }, (answer) =>
        answer.on('data', (text: Buffer) => resolve(text.toString())),
      ).on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    });

  expect(await ask('127.0.0.1', ca)).toBe('hello');
  expect(await ask('localhost', ca)).toBe('hello');
  expect(await ask('127.0.0.1', (await makeCertificates()).ca)).toMatch(/SIGNATURE|VERIFY/);
  expect(await ask('127.0.0.1')).toMatch(/VERIFY/);
  server.close();
});
