import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { PortTraffic } from '../../src/core/plan/traffic.ts';
import type { Report } from '../../src/core/plan/report.ts';
import { type Outcome, runNlbmc, type RunOptions } from '../commands/harness.ts';
import { PRI, SEC, setStage, type Stage, VERIFY } from '../laws/stage.ts';

// The sandbox's own load balancer and pods: what nlbmc counts is compared with what they did.

const contexts = [PRI, SEC] as const;
const has = (tool: string): boolean => spawnSync('which', [tool]).status === 0;
const withTools = process.env['CI'] || (has('kubectl') && has('curl')) ? test : test.skip;

let stage: Stage;
beforeEach(async () => {
  stage = await setStage('joined', { tls: true });
});
afterEach(() => stage.stop());

const verify = (words: string, o: RunOptions = {}): Promise<Outcome> =>
  runNlbmc(stage.sandbox, `${VERIFY} ${words}`, o);

const reportOf = ({ stdout }: Outcome): Report => JSON.parse(stdout) as Report;

const portOf = (outcome: Outcome): PortTraffic => {
  const [port] = reportOf(outcome).traffic?.ports ?? [];
  if (!port) throw new Error(`no traffic in ${outcome.stdout}`);
  return port;
};

const sharesOf = (outcome: Outcome): Record<string, number> =>
  Object.fromEntries(
    (portOf(outcome).clusters ?? []).map(({ cluster, connections }) => [cluster, connections]),
  );

const codesOf = (outcome: Outcome): readonly string[] => [
  ...new Set((reportOf(outcome).traffic?.problems ?? []).map(({ code }) => code)),
];

/** Names of the pods of the application in a cluster. */
const podsOf = (context: string): string[] =>
  stage.world
    .cluster(context)
    .kube.list('pods', 'default')
    .map(({ metadata }) => metadata.name);

const setServing = (context: string, serving: 'stuck'): void => {
  for (const pod of podsOf(context))
    stage.world.cluster(context).workloads.setPodServing(pod, serving);
};

/** Runs a program as a person would; the world, in this process, answers it meanwhile. */
const type = (program: string, ...words: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const env = { ...process.env, ...stage.sandbox.env };
    const child = spawn(program, words, { env });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`${program} ended with ${code}`)),
    );
  });

/** Requests in the logs of each cluster's pods, as a person counts them. */
async function countLogged(): Promise<Record<string, number>> {
  const counts = await Promise.all(
    contexts.map(async (context) => {
      const logs = await Promise.all(
        podsOf(context).map((pod) => type('kubectl', '--context', context, 'logs', pod)),
      );
      const lines = logs.join('').split('\n');
      return [context, lines.filter((line) => line.includes(' HTTP/1.1"')).length] as const;
    }),
  );
  return Object.fromEntries(counts);
}

/** Port 80 of the load balancer, as the sandbox prints it. */
const printedAddress = (): string =>
  Object.values(stage.sandbox.traffic.addresses())[0]?.['80'] ?? 'none';

const sum = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((all, n) => all + n, 0);

withTools('header, logs, kubectl and curl agree on which cluster served how many', async () => {
  const byHeader = await verify('--traffic=60 --identify header:x-cluster -o json');
  expect(byHeader.code).toBe(0);
  expect(await countLogged()).toEqual(sharesOf(byHeader));

  const byLogs = await verify('--traffic=60 --identify logs -o json');
  expect(byLogs.code).toBe(0);
  const first = sharesOf(byHeader);
  const second = sharesOf(byLogs);
  expect(sum(second)).toBe(60);
  const both = { [PRI]: first[PRI]! + second[PRI]!, [SEC]: first[SEC]! + second[SEC]! };
  expect(await countLogged()).toEqual(both);

  const byHand = `for n in $(seq 40); do curl -s http://${printedAddress()}/; done`;
  const answers = await type('bash', '-c', byHand);
  const served = (context: string): number => answers.split(`of ${context}\n`).length - 1;
  expect(served(PRI) + served(SEC)).toBe(40);
  expect(await countLogged()).toEqual({
    [PRI]: both[PRI] + served(PRI),
    [SEC]: both[SEC] + served(SEC),
  });
  // What came before, and by hand, has no part in a later count by logs.
  expect(sum(sharesOf(await verify('--traffic=10 --identify logs -o json')))).toBe(10);
});

test('targets are told apart, by header, body and logs alike', async () => {
  for (const how of ['header:x-pod', 'body:pod.(\\S+).of', 'body:pod.(\\S+).of.(\\S+)', 'logs']) {
    const outcome = await verify(`--traffic=100 --identify ${how} -o json`);
    expect([how, outcome.code]).toEqual([how, 0]);
    for (const { cluster, targets, connections } of portOf(outcome).clusters ?? []) {
      expect(targets.map(({ name }) => name)).toEqual(podsOf(cluster).toSorted());
      expect(targets.reduce((all, target) => all + target.connections, 0)).toBe(connections);
    }
    expect(portOf(outcome).unidentified).toEqual({});
  }
});

test('a target that passes health checks and refuses connections: reset, red', async () => {
  const [pod = ''] = podsOf(SEC);
  stage.world.cluster(SEC).workloads.setPodServing(pod, 'checks-only');
  stage.world.settle();
  const { code, stdout } = await verify('--traffic=100 --identify header:x-pod');
  expect(code).toBe(3);
  expect(stdout).toMatch(/\d+ were reset/);
  expect(stdout).toContain(`no answer from ${pod} of ${SEC}`);
  expect(stdout).toContain('passes health checks but refuses connections');
  expect(stdout).toContain('Every endpoint in 2 clusters is tracked, registered and healthy.');
});

test('a cluster whose pods hang: timed out, and it answered none', async () => {
  setServing(SEC, 'stuck');
  const words = '--traffic=40 --connection-timeout 300ms --identify header:x-cluster';
  const { code, stdout } = await verify(words);
  expect(code).toBe(3);
  expect(stdout).toMatch(/\d+ timed out/);
  expect(stdout).toContain('connected and did not answer within 0.3 s');
  expect(stdout).toContain(`${SEC} has 2 healthy targets on port 80 and answered none of 40`);
  const byLogs = await verify('--traffic=40 --connection-timeout 300ms --identify logs -o json');
  expect([byLogs.code, codesOf(byLogs)]).toEqual([3, ['traffic-failed', 'traffic-missing']]);
});

test('a zone without targets is said, and is not red while DNS leaves it out', async () => {
  const { code, stdout } = await verify('--traffic=100 --identify header:x-cluster');
  expect(code).toBe(0);
  expect(stdout).toContain('cross-zone is off and us-east-1c has no healthy target');
});

test('a load balancer that fails open: red, since its answers prove nothing', async () => {
  const { aws } = stage.world;
  const { TargetGroups } = aws.call('elbv2.DescribeTargetGroups', {}, 'test');
  const { TargetGroupArn } = TargetGroups[0];
  aws.call('elbv2.ModifyTargetGroup', { TargetGroupArn, HealthCheckPort: '9999' }, 'test');
  stage.world.settle();
  const words = '--traffic=40 --identify header:x-cluster -o json';
  const outcome = await verify(words);
  expect([outcome.code, codesOf(outcome)]).toEqual([3, ['traffic-failed', 'traffic-fail-open']]);
  expect(portOf(outcome).notes.join()).toContain(
    'us-east-1c has no target. While no target is healthy, DNS returns that address, too',
  );

  const Attributes = [{ Key: 'load_balancing.cross_zone.enabled', Value: 'true' }];
  aws.call('elbv2.ModifyTargetGroupAttributes', { TargetGroupArn, Attributes }, 'test');
  const across = await verify(words);
  expect([across.code, codesOf(across)]).toEqual([3, ['traffic-fail-open']]);
  expect(portOf(across)).toMatchObject({ answered: 40, failures: {}, notes: [] });
});

test('logs that may not be read: said, unknown, exit 8', async () => {
  stage.world.cluster(SEC).kube.access.deny({ verb: 'get', resource: 'pods/log' });
  const { code, stdout } = await verify('--traffic=10 --identify logs');
  expect(code).toBe(8);
  expect(stdout).toMatch(
    /You may not get pods\/log "nginx-.*" in namespace default in cluster sec/,
  );
  expect(stdout).toContain('10 of 10 connections answered');
});

test('listeners that may not be read: unknown, and nothing is connected to', async () => {
  stage.world.aws.access.deny({ action: /DescribeListeners/ });
  const outcome = await verify('--traffic=10 -o json');
  expect(outcome.code).toBe(8);
  expect(reportOf(outcome).traffic?.ports).toEqual([]);
});

test('the command of --during is not run where nothing can be connected to', async () => {
  const words = `verify nothing --context ${PRI} --traffic --during touch ${stage.sandbox.dir}/x`;
  const { code, stdout } = await runNlbmc(stage.sandbox, words);
  expect(code).toBe(3);
  expect(stdout).toContain(`so touch ${stage.sandbox.dir}/x was not run`);
  expect(existsSync(`${stage.sandbox.dir}/x`)).toBe(false);
});
