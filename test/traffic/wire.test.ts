import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../src/core/plan/report.ts';
import type { TrafficPort } from '../../src/core/plan/traffic.ts';
import { makeCertificates } from '../../src/sandbox/certificates.ts';
import { newAttempts, type TrafficOptions } from '../../src/traffic/attempts.ts';
import { sendTraffic, streamTraffic } from '../../src/traffic/run.ts';
import { PRI, SEC, setStage, type Stage } from '../laws/stage.ts';

const root = join(import.meta.dirname, '../..');
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

const tlsPort: TrafficPort = {
  port: 443,
  servicePort: 443,
  targetGroupArn: 'arn',
  protocol: 'TLS',
  host: 'shared.example.org',
};

const options = (toPort: number, over: Partial<TrafficOptions> = {}): TrafficOptions => ({
  connectTo: [{ toHost: '127.0.0.1', toPort }],
  timeoutMs: 60_000,
  token: 'nlbmc-test',
  now: () => Date.now(),
  sleep: () => Promise.resolve(),
  ...over,
});

describe('a TLS listener', () => {
  let port: number;
  let ca: string;
  beforeEach(async () => {
    const made = await makeCertificates(['app.example.org']);
    ca = made.ca;
    port = await listen(
      createTls({ key: made.key, cert: made.cert }, (request, answer) => {
        answer.setHeader('x-host', request.headers.host ?? '');
        answer.end();
      }),
    );
  });

  const results = async (over: Partial<TrafficOptions>) => {
    const { attempts } = await sendTraffic([tlsPort], 2, options(port, over));
    return attempts.map(({ result }) =>
      result.kind === 'answered'
        ? (result.marks ?? [''])
        : result.kind === 'failed'
          ? result.failure
          : '',
    );
  };

  test('is trusted by --ca and by the name of its certificate', async () => {
    const identify = { kind: 'header', name: 'X-Host' } as const;
    expect(await results({ ca, serverName: 'app.example.org', identify })).toEqual([
      ['app.example.org'],
      ['app.example.org'],
    ]);
  });

  test('is a failure in TLS with another name, or an unknown authority', async () => {
    expect(await results({ ca })).toEqual(['tls', 'tls']);
    expect(await results({ serverName: 'app.example.org' })).toEqual(['tls', 'tls']);
  });
});

test('at most twenty connections are open at a time', async () => {
  let most = 0;
  const waiting: (() => void)[] = [];
  const port = await listen(
    createServer((_, answer) => {
      waiting.push(() => answer.end());
      most = Math.max(most, waiting.length);
      // Nobody is answered before twenty wait; one more of them would have come by then.
      if (waiting.length === 20) setImmediate(() => waiting.splice(0).forEach((end) => end()));
    }),
  );
  const { attempts } = await sendTraffic([{ ...tlsPort, protocol: 'TCP' }], 100, options(port));
  expect(attempts).toHaveLength(100);
  expect(most).toBe(20);
});

test('work that outlasts the connections that may be opened is unwatched from then on', async () => {
  let asked = 0;
  let third = (): void => undefined;
  const until = new Promise<void>((resolve) => (third = resolve));
  const port = await listen(
    createServer((_, answer) => {
      asked += 1;
      if (asked === 3) third();
      answer.end();
    }),
  );
  const stream = (work: () => Promise<void>) => {
    let ms = 0;
    const o = { ...options(port), now: () => (ms += 1), atLeast: 1, atMost: 3 };
    return streamTraffic([{ ...tlsPort, protocol: 'TCP' }], o, work);
  };
  const long = await stream(() => until);
  expect(long.attempts).toHaveLength(3);
  expect(long.unwatchedMs).toBeGreaterThan(0);
  expect((await stream(() => Promise.resolve())).unwatchedMs).toBe(0);
});

test('an abort ends connections that hang, at once, and they count as nothing', async () => {
  const stop = new AbortController();
  const arrived = new Promise<number>((resolve) => {
    void listen(createServer(() => resolve(0))).then((port) => ports.push(port));
  });
  const ports: number[] = [];
  while (ports.length === 0) await new Promise(setImmediate);
  const attempts = newAttempts(options(ports[0] ?? 0, { signal: stop.signal, timeoutMs: 60_000 }));
  await attempts.open({ ...tlsPort, protocol: 'TCP' });
  await arrived;
  stop.abort();
  await attempts.settled();
  expect(attempts.made.map(({ result }) => result.kind)).toEqual(['interrupted']);
});

describe('the built program', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage('joined');
  });
  afterAll(() => stage.stop());

  const nlbmc = (words: readonly string[], env: Record<string, string> = {}) =>
    new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
      // A program's highest use of memory begins at that of the process which started it (execve
      // keeps it, and so does getrusage(2)); with a shell in between that is not this test's own.
      const program = [process.execPath, join(root, 'bin/nlbmc.js')];
      const verify = ['verify', 'nginx', '--context', `${PRI},${SEC}`, ...words];
      const child = spawn('sh', ['-c', '"$@"; exit $?', 'sh', ...program, ...verify], {
        env: { ...process.env, ...stage.sandbox.env, ...env },
      });
      const out = { stdout: '', stderr: '' };
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out.stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (out.stderr += text));
      child.on('close', (code) => resolve({ code, ...out }));
    });

  test('stdout is one document; what the command of --during says goes to stderr', async () => {
    const { code, stdout, stderr } = await nlbmc([
      '--traffic=20',
      '-o',
      'json',
      '--during',
      process.execPath,
      '-e',
      'console.log("hello")',
    ]);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Report).traffic?.ports[0]?.answered).toBeGreaterThanOrEqual(20);
    expect(stderr).toContain('hello\n');
  });

  test('2,000 connections take less than 150 MB', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nlbmc-traffic-'));
    closers.push(() => rmSync(folder, { recursive: true }));
    const spy = join(folder, 'spy.mjs');
    writeFileSync(
      spy,
      'process.on("exit", () => process.stderr.write(`\\npeak ${process.resourceUsage().maxRSS} KiB\\n`));',
    );
    const { code, stdout, stderr } = await nlbmc(
      ['--traffic=2000', '--identify', 'header:x-pod', '-o', 'json'],
      { NODE_OPTIONS: `--import=${spy}` },
    );
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Report).traffic?.ports[0]?.answered).toBe(2_000);
    expect(Number(/peak (\d+) KiB/.exec(stderr)?.[1]) / 1024).toBeLessThan(150);
  });
});
