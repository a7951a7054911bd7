import { typed } from '../core/typed.ts';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Server as TcpServer } from 'node:net';
import type { Report } from '../../src/core/plan/report.ts';
import type { Outcome, RunOptions } from '../commands/harness.ts';
import { runNlbmc } from '../commands/harness.ts';
import { expectGolden } from '../golden/golden.ts';
import { PRI, SEC, setStage, type Stage, VERIFY } from '../laws/stage.ts';

// A small server stands in the load balancer's place: what it answers is the test's to say. The
// same commands against the sandbox's own data plane are in practice.test.ts.

const open: (Server | TcpServer)[] = [];
let stage: Stage;

async function listen(server: Server | TcpServer): Promise<string> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers as the pods of both clusters do: three parts and two. */
function fiveInTurn(): RequestListener {
  let n = 0;
  return (_, answer) => {
    const cluster = n++ % 5 < 3 ? PRI : SEC;
    answer.setHeader('x-cluster', cluster);
    answer.end(`pod nginx of ${cluster}\n`);
  };
}

const serving = (listener: RequestListener = fiveInTurn()): Promise<string> =>
  listen(createServer(listener));

const verify = (words: string, o: RunOptions = {}): Promise<Outcome> =>
  runNlbmc(stage.sandbox, `${VERIFY} ${words}`, o);

const trafficIn = ({ stdout }: Outcome): NonNullable<Report['traffic']> => {
  const { traffic } = JSON.parse(stdout) as Report;
  if (!traffic) throw new Error(`no traffic in ${stdout}`);
  return traffic;
};

const codesIn = (outcome: Outcome): readonly string[] =>
  trafficIn(outcome).problems.map(({ code }) => code);

beforeAll(async () => {
  stage = await setStage('joined');
});
afterAll(() => stage.stop());
afterEach(() => {
  for (const server of open.splice(0)) {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  }
});

test('a share for each cluster, with a bar, what is expected of it, and the latency', async () => {
  const address = await serving();
  const { code, stdout } = await verify(
    `--traffic --identify header:x-cluster --connect-to ${address}`,
  );
  expect(code).toBe(0);
  expectGolden('verify-traffic.txt', stdout);
});

test('where only ASCII is shown, bars are ASCII', async () => {
  const address = await serving();
  const { stdout } = await verify(
    `--traffic=10 --identify header:x-cluster --connect-to ${address}`,
    { env: { LANG: 'C' } },
  );
  expect(stdout).toContain('############........');
  // oxlint-disable-next-line no-control-regex
  expect(stdout).toMatch(/^[\x00-\x7f]*$/);
});

test('raw counts for programs, one document', async () => {
  const address = await serving();
  const outcome = await verify(
    `--traffic=50 --identify body:of.(\\S+) --connect-to ${address} -o json`,
  );
  const { ports, identifiedBy, exit } = trafficIn(outcome);
  expect({ identifiedBy, exit, code: outcome.code }).toEqual({
    identifiedBy: 'body',
    exit: 0,
    code: 0,
  });
  expect(ports).toMatchObject([
    {
      port: 80,
      opened: 50,
      answered: 50,
      failures: {},
      slow: 0,
      connectMs: { p50: 0, p95: 0, p99: 0 },
      clusters: [
        { cluster: PRI, connections: 30, percent: 60, healthy: 3 },
        { cluster: SEC, connections: 20, percent: 40, healthy: 2 },
      ],
      unidentified: {},
    },
  ]);
});

test('without --identify it counts, and says that the share is unknown', async () => {
  const address = await serving();
  const { code, stdout } = await verify(`--traffic=20 --connect-to ${address}`);
  expect(code).toBe(0);
  expect(stdout).toContain('20 of 20 connections answered');
  expect(stdout).toContain('which cluster answered is not known');
});

test('a cluster that gets none is red although every connection was answered', async () => {
  const address = await serving((_, answer) => {
    answer.setHeader('x-cluster', PRI);
    answer.end();
  });
  const outcome = await verify(
    `--traffic=20 --identify header:x-cluster --connect-to ${address} -o json`,
  );
  expect([outcome.code, codesIn(outcome)]).toEqual([3, ['traffic-missing']]);
});

test('uneven shares are red only with --max-skew', async () => {
  let n = 0;
  const address = await serving((_, answer) => {
    answer.setHeader('x-cluster', n++ % 20 > 0 ? PRI : SEC);
    answer.end();
  });
  const words = `--traffic=200 --identify header:x-cluster --connect-to ${address} -o json`;
  expect((await verify(words)).code).toBe(0);
  const judged = await verify(`${words} --max-skew 10`);
  expect(judged.code).toBe(3);
  expect(new Set(codesIn(judged))).toEqual(new Set(['traffic-skewed']));
});

test('answers that name no listed cluster leave it unknown', async () => {
  const address = await serving((_, answer) => {
    answer.setHeader('x-cluster', 'some-other');
    answer.end();
  });
  const outcome = await verify(
    `--traffic=5 --identify header:x-cluster --connect-to ${address} -o json`,
  );
  expect([outcome.code, codesIn(outcome)]).toEqual([8, ['traffic-unidentified']]);
  expect(trafficIn(outcome).ports[0]?.unidentified).toEqual({ 'some-other': 5 });
});

/** As outside of a practice world, whose addresses no DNS knows. */
const nowhere = { env: { NLBMC_SANDBOX_LOAD_BALANCERS: '' } };

test('a name that does not resolve: DNS, and what to type', async () => {
  const outcome = await verify('--traffic=7 -o json', nowhere);
  const [problem] = trafficIn(outcome).problems;
  expect(outcome.code).toBe(3);
  expect(trafficIn(outcome).ports[0]?.failures).toEqual({ dns: 7 });
  expect(typed(problem)).toContain('--connect-to ADDRESS:80');
});

test.each([
  ['refused', 'refused', async () => '127.0.0.1:1'],
  [
    'reset',
    'reset',
    () => listen(createTcp((socket) => socket.on('data', () => socket.resetAndDestroy()))),
  ],
  ['closed early', 'closed-early', () => listen(createTcp((socket) => socket.end('HTTP/1.1 200')))],
  [
    'cut in its body',
    'closed-early',
    () =>
      serving((_, answer) => {
        answer.writeHead(200, { 'content-length': '100' });
        answer.write('half');
        setImmediate(() => answer.socket?.end());
      }),
  ],
  ['no HTTP', 'bad-answer', () => listen(createTcp((socket) => socket.end('SSH-2.0-x\r\n')))],
  ['an error of the app', 'bad-answer', () => serving((_, answer) => answer.writeHead(503).end())],
  ['silent', 'timeout', () => listen(createTcp(() => undefined))],
])('a failure by its kind: %s', async (_, kind, start) => {
  const address = await start();
  const outcome = await verify(
    `--traffic=3 --connection-timeout 300ms --connect-to ${address} -o json`,
  );
  expect(trafficIn(outcome).ports[0]?.failures).toEqual({ [kind]: 3 });
  expect([outcome.code, codesIn(outcome)]).toEqual([3, ['traffic-failed']]);
});

test('as many failures as are allowed are shown, and are not red', async () => {
  let n = 0;
  const address = await serving((_, answer) => (n++ < 2 ? answer.writeHead(500) : answer).end());
  const words = `--traffic=10 --connect-to ${address}`;
  const { code, stdout } = await verify(`${words} --max-failures 2`);
  expect(code).toBe(0);
  expect(stdout).toContain('8 of 10 connections answered, 2 had a bad answer');
  n = 0;
  expect((await verify(`${words} --max-failures 1`)).code).toBe(3);
});

test('plain TCP: to connect is enough, or what comes back is judged', async () => {
  const redis = await listen(
    createTcp((socket) =>
      socket.on('data', (data) => socket.write(data.includes('PING') ? '+PONG\r\n' : '-ERR\r\n')),
    ),
  );
  const words = `--traffic=4 --connect-to ${redis} --connection-timeout 500ms -o json`;
  expect((await verify(`${words} --plain`)).code).toBe(0);
  expect((await verify(`${words} --send PING\\r\\n --expect PONG`)).code).toBe(0);
  expect((await verify(`${words} --send HELLO\\r\\n --expect PONG`)).code).toBe(3);
  expect((await verify(words)).code).toBe(3);
});

test('more than 10,000 connections need a yes, and none was opened', async () => {
  let n = 0;
  const address = await serving((_, answer) => void ((n += 1), answer.end()));
  const { code, stdout } = await verify(`--traffic=10001 --connect-to ${address} -o json`);
  const { problems } = JSON.parse(stdout) as Report;
  expect([code, problems[0]?.code, n]).toEqual([5, 'traffic-excessive', 0]);
  expect(typed(problems[0])).toContain('--yes');
});

test('Ctrl-C ends it at once and tells what was counted', async () => {
  const stop = new AbortController();
  let n = 0;
  const address = await serving((_, answer) => {
    n += 1;
    if (n <= 20) answer.end();
    if (n === 30) stop.abort('SIGINT');
  });
  const outcome = await verify(`--traffic=5000 --connect-to ${address} -o json`, {
    signal: stop.signal,
  });
  expect(outcome.code).toBe(130);
  expect((JSON.parse(outcome.stdout) as Report).result).toBe('interrupted');
  expect(trafficIn(outcome).ports[0]).toMatchObject({ answered: 20, failures: {} });
  expect(n).toBeLessThan(50);
});

test.each([
  ['--identify logs', 'identify'],
  ['--connect-to 127.0.0.1:1', 'connect-to'],
  ['--max-skew 3', 'max-skew'],
  ['--during true', 'during'],
])('%s without --traffic is refused', async (words, name) => {
  const { code, stderr } = await verify(words);
  expect(code).toBe(2);
  expect(stderr).toContain(`--${name} works only with --traffic`);
});

test.each([
  '--traffic=0',
  '--traffic --identify cookie:x',
  '--traffic --identify body:(',
  '--traffic --connect-to localhost',
  '--traffic --max-skew 101',
  '--traffic --max-skew 0x10',
  '--traffic --during',
])('%s cannot be understood', async (words) => {
  const { code, stderr } = await verify(words);
  expect(code).toBe(2);
  expect(stderr).toContain('(usage)');
});

test('--traffic before the Service takes no name for a number', async () => {
  const address = await serving();
  const { code } = await runNlbmc(
    stage.sandbox,
    `verify --traffic --connect-to ${address} nginx --context ${PRI},${SEC}`,
  );
  const bare = await runNlbmc(stage.sandbox, `verify --traffic nginx --context ${PRI} -o json`);
  expect(code).toBe(0);
  expect(trafficIn(bare).ports[0]?.opened).toBe(200);
});

test('nothing but listeners and attributes is read more, and nothing is written', async () => {
  const address = await serving();
  const from = stage.world.journal.entries.length;
  await verify(`--traffic=5 --connect-to ${address}`);
  const made = stage.requests(from);
  expect(made.filter(({ mutating }) => mutating)).toEqual([]);
  const actions = new Set(made.map(({ action }) => action));
  expect(actions).toContain('elbv2.DescribeListeners');
  expect(actions).not.toContain('ec2.DescribeSecurityGroups');
});
