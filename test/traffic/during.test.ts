import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Io } from '../../src/io.ts';
import { run } from '../../src/main.ts';
import type { Report } from '../../src/core/plan/report.ts';
import { inside } from '../../src/sandbox/environment.ts';
import { PRI, SEC, setStage, type Stage } from '../laws/stage.ts';

// Connections while a command runs: both take real time, so the program has the real clock here.

let stage: Stage;
let server: Server;
let address: string;
let broken = false;

beforeAll(async () => {
  stage = await setStage('joined');
  server = createServer((request, answer) => {
    if (request.url === '/break') broken = true;
    else if (request.url === '/mend') broken = false;
    else if (broken) return void answer.socket?.resetAndDestroy();
    answer.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await stage.stop();
});

async function verify(words: readonly string[], signal?: AbortSignal) {
  let stdout = '';
  const io: Io = {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: () => undefined },
    stdin: {
      question: () => Promise.reject(new Error('nobody is there')),
      readAll: () => Promise.resolve(''),
    },
    env: { ...inside({ ...process.env, LANG: 'C.UTF-8' }, stage.sandbox.env) },
    now: () => Date.now(),
    sleep: (ms, stop) => sleep(ms, undefined, stop ? { signal: stop } : {}).catch(() => undefined),
    ...(signal ? { signal } : {}),
  };
  const all = ['verify', 'nginx', '--context', `${PRI},${SEC}`, '--connect-to', address, ...words];
  return { code: await run(all, io), stdout };
}

/** A command that asks the server to misbehave for a while. */
const outage = (after: string): readonly string[] => [
  process.execPath,
  '-e',
  `await fetch('http://${address}/break'); await new Promise((r) => setTimeout(r, 700)); await fetch('http://${address}/mend'); ${after}`,
  '--input-type=module',
];

test('an outage while the command runs: how many, of which kind, in which second', async () => {
  const { code, stdout } = await verify(['--traffic=30', '-o', 'json', '--during', ...outage('')]);
  const { traffic, problems } = JSON.parse(stdout) as Report;
  const [port] = traffic?.ports ?? [];
  expect(code).toBe(3);
  expect(problems.map((problem) => problem.code)).toEqual(['traffic-failed']);
  expect(Object.keys(port?.failures ?? {})).toEqual(['reset']);
  expect(port?.failures.reset).toBeGreaterThan(2);
  expect(port?.opened).toBeGreaterThanOrEqual(30);
  expect(traffic?.command?.exit).toBe(0);
  const seconds = port?.seconds.filter(({ failures }) => failures.reset) ?? [];
  expect(seconds.reduce((all, { failures }) => all + (failures.reset ?? 0), 0)).toBe(
    port?.failures.reset,
  );
});

test('people are told the seconds', async () => {
  const { stdout } = await verify([
    '--traffic=5',
    '--max-failures',
    '99',
    '--during',
    ...outage(''),
  ]);
  expect(stdout).toMatch(
    /ran, which ended with 0:\n {2}second \d+ \(\d\d:\d\d:\d\dZ\): \d+ w\w+ reset of \d+/,
  );
});

test('the worse exit code is that of the command, which keeps its own options', async () => {
  const { code, stdout } = await verify([
    '--traffic=5',
    '--during',
    process.execPath,
    '-e',
    'process.exit(process.argv[1] === "--traffic" ? 7 : 9)',
    '--',
    '--traffic',
  ]);
  expect(code).toBe(7);
  expect(stdout).toContain('no second with a failed or slow connection');
  expect(stdout).toContain('ended with exit code 7.  exit 7');
});

test('a program that is not there is a matter of the command line', async () => {
  const { code, stdout } = await verify([
    '--traffic=5',
    '-o',
    'json',
    '--during',
    'no-such-program',
  ]);
  expect(code).toBe(2);
  expect((JSON.parse(stdout) as Report).message).toBe('The program no-such-program was not found.');
});

test('a signal is handed on to the command, and its end awaited', async () => {
  const stop = new AbortController();
  const running = verify(
    [
      '--traffic=5',
      '-o',
      'json',
      '--during',
      process.execPath,
      '-e',
      `process.on('SIGTERM', () => process.exit(4)); setInterval(() => {}, 1000); fetch('http://${address}/started')`,
    ],
    stop.signal,
  );
  await new Promise<void>((resolve) =>
    server.on('request', (request) => request.url === '/started' && resolve()),
  );
  stop.abort('SIGTERM');
  const { code, stdout } = await running;
  expect(code).toBe(143);
  expect((JSON.parse(stdout) as Report).traffic?.command?.exit).toBe(4);
});
