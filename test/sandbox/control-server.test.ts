import { existsSync, mkdirSync, mkdtempSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startSandbox } from '../../src/sandbox/server.ts';
import { VirtualClock } from '../../src/sandbox/time/clock.ts';

const start = (dir: string) =>
  startSandbox({ dir, clusters: ['blue'], clock: new VirtualClock(), plainHttp: true });

const fresh = (): string => mkdtempSync(join(tmpdir(), 'nlbmc-test-'));

const post = (socketPath: string, body: string): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const sent = request({ socketPath, method: 'POST' }, (answer) => {
      let text = '';
      answer.on('data', (part) => (text += String(part)));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    sent.on('error', reject).end(body);
  });

test('only this user can open the socket, whoever can look into the folder', async () => {
  const dir = join(fresh(), 'open');
  mkdirSync(dir, { mode: 0o755 });
  const sandbox = await start(dir);
  const { socket } = sandbox;
  expect(socket.startsWith(`${dir}/`)).toBe(true);
  expect(sandbox.env['NLBMC_SANDBOX_SOCKET']).toBe(socket);
  expect(statSync(socket).isSocket()).toBe(true);
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
  await sandbox.stop();
  expect(existsSync(dirname(socket))).toBe(false);
});

test('in a folder whose path is too long for a socket, the sandbox runs, and the socket is elsewhere', async () => {
  const dir = join(fresh(), 'x'.repeat(100));
  const sandbox = await start(dir);
  const { socket } = sandbox;
  expect(socket.startsWith(dir)).toBe(false);
  expect((await post(socket, '{"verb":"list"}')).status).toBe(200);
  await sandbox.stop();
  expect([existsSync(dir), existsSync(dirname(dirname(socket)))]).toEqual([false, false]);
});

describe('what is no request', () => {
  test.each([
    ['nonsense', 422],
    ['null', 422],
    ['{"verb":"explode"}', 422],
    ['{"verb":"pause"}', 422],
    ['{"verb":"fault","rules":[]}', 422],
    ['{"verb":"fault","rules":[{}]}', 422],
    ['{"verb":"remove","numbers":["1"]}', 422],
    [`{"verb":"fault","rules":["${'x'.repeat(70_000)}"]}`, 413],
  ])('%.40s is refused in words', async (body, status) => {
    const sandbox = await start(fresh());
    const refused = await post(sandbox.socket, body);
    await sandbox.stop();
    expect(refused.status).toBe(status);
    expect(JSON.parse(refused.text)).toMatchObject({ message: expect.stringMatching(/\.$/) });
  });
});
