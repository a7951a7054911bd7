import { X509Certificate } from 'node:crypto';
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

test('one is an authority, and the other a server with these names only', async () => {
  const { ca, cert } = await makeCertificates(['app.example.org']);
  const [authority, server] = [new X509Certificate(ca), new X509Certificate(cert)];
  expect([authority.ca, server.ca]).toEqual([true, false]);
  expect(server.checkIssued(authority)).toBe(true);
  expect(authority.subject).toBe('CN=nlbmc sandbox authority');
  expect(server.subjectAltName).toBe('IP Address:127.0.0.1, DNS:localhost, DNS:app.example.org');
  expect(server.checkHost('app.example.org')).toBe('app.example.org');
  expect(server.checkHost('example.org')).toBeUndefined();
  expect(authority.serialNumber).not.toBe(server.serialNumber);
  const days = (Date.parse(server.validTo) - Date.parse(server.validFrom)) / 86_400_000;
  expect(days).toBe(8);
});

test('a name that needs a long form is written whole', async () => {
  const names = Array.from({ length: 40 }, (_, n) => `a-long-name-${n}.example.org`);
  const { cert } = await makeCertificates(names);
  expect(new X509Certificate(cert).subjectAltName?.split(', ')).toHaveLength(42);
});
