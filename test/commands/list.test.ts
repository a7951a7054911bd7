import type { EnrollmentList } from '../../src/core/list/list-document.ts';
import type { Output } from '../../src/io.ts';
import { createAll } from '../../src/sandbox/scenarios/apply.ts';
import { manifest } from '../../src/sandbox/scenarios/manifests.ts';
import { appNamed, deployment, plainService } from '../../src/sandbox/scenarios/objects.ts';
import type { World } from '../../src/sandbox/world.ts';
import { expectGolden } from '../golden/golden.ts';
import { onStage, onTlsStage, PRI, SEC, type Stage } from '../laws/stage.ts';
import { runNlbmc, startPractice, writesSince } from './harness.ts';

const LIST = `list --context ${PRI},${SEC}`;
const BINDINGS = 'targetgroupbindings.elbv2.k8s.aws';
const person = { actor: 'person', manager: 'kubectl', internal: true };
const EKS = ['eks-clu1', 'eks-clu2', 'eks-clu3'] as const;

const listIn = async ({ nlbmc }: Pick<Stage, 'nlbmc'>, line = LIST): Promise<EnrollmentList> => {
  const { stdout } = await nlbmc(`${line} -o json`);
  return JSON.parse(stdout) as EnrollmentList;
};

const argvOf = (item: EnrollmentList['items'][number]): readonly string[] =>
  (item.verify as unknown as { argv: readonly string[] }).argv.slice(1);

/** Each line says the word of the command that it names. */
async function agrees(stage: Pick<Stage, 'nlbmc'>, list: EnrollmentList): Promise<void> {
  for (const item of list.items) {
    const { stdout } = await stage.nlbmc(`${argvOf(item).join(' ')} -o json`);
    const { verdict } = JSON.parse(stdout) as { verdict: { state: string } };
    const word = item.state === 'exclusive' ? 'degraded' : item.state;
    expect([argvOf(item), verdict.state]).toEqual([argvOf(item), word]);
  }
}

/** A second application of the primary, with a load balancer of its own. */
function secondApp({ world }: Stage): void {
  const service = appNamed('shop', manifest('app/service-existing.yaml'));
  createAll(world.cluster(PRI).kube, appNamed('shop', deployment(1)), service);
  world.settle();
}

const flagOff = ({ world }: Stage): void => {
  const { kube } = world.cluster(SEC);
  const body = { spec: { multiClusterTargetGroup: false } };
  const hooks = 'validatingwebhookconfigurations.admissionregistration.k8s.io';
  for (const { metadata } of kube.list(hooks)) kube.delete(hooks, '', metadata.name, person);
  kube.patch(BINDINGS, 'default', 'nginx', { type: 'merge', body }, person);
};

test('two clusters behind one load balancer are a line, and nothing is written', () =>
  onTlsStage('joined', async (stage) => {
    const from = stage.world.journal.entries.length;
    const { code, stdout, stderr } = await stage.nlbmc(LIST);
    expect([code, writesSince(stage.sandbox, from)]).toEqual([0, []]);
    expect(stderr).not.toContain('No load balancer');
    const wide = await stage.nlbmc(`${LIST} -o wide`);
    let narrow = '';
    const screen: Output = { write: (more) => (narrow += more), isTTY: true, columns: 80 };
    await runNlbmc(stage.sandbox, LIST, { screen, env: { TERM: 'dumb' } });
    let verbose = '';
    const more: Output = { write: (text) => (verbose += text), isTTY: true, columns: 80 };
    await runNlbmc(stage.sandbox, `${LIST} -v`, { screen: more, env: { TERM: 'dumb' } });
    expect(verbose).toContain(`nlbmc verify nginx -n default --context ${PRI},${SEC}`);
    const screens = [
      [`$ nlbmc ${LIST}`, stdout],
      [`$ nlbmc ${LIST} -o wide`, wide.stdout],
      [`$ nlbmc ${LIST}   # 80 columns`, narrow],
    ];
    expectGolden('list.txt', screens.flat().join('\n'));

    const list = await listIn(stage);
    expect(list.items).toMatchObject([
      {
        owner: { kind: 'service', name: 'nginx', context: PRI },
        state: 'ready',
        codes: [],
        ports: [{ port: 80, protocol: 'TCP', exists: true }],
        members: [
          { cluster: PRI, role: 'primary', healthy: 3 },
          { cluster: SEC, role: 'secondary', healthy: 2 },
        ],
      },
    ]);
    await agrees(stage, list);
  }));

test('what several load balancers have in common is read once', () =>
  onStage('joined', async (stage) => {
    secondApp(stage);
    const from = stage.world.journal.entries.length;
    const list = await listIn(stage);
    const requests = stage.requests(from);
    expect(list.items.map(({ service, state }) => [service.name, state])).toEqual([
      ['nginx', 'ready'],
      ['shop', 'exclusive'],
    ]);
    expect(list.exit).toBe(0);
    const keys = requests.map(({ cluster, verb, path, action }) =>
      [cluster, verb, path, action].join(' '),
    );
    const times = (pattern: RegExp) => keys.filter((key) => pattern.test(key)).length;
    expect(times(/DescribeTargetGroups/)).toBe(1);
    expect(times(/DescribeLoadBalancers/)).toBe(1);
    expect(times(/GET \/apis\/elbv2.k8s.aws\/v1beta1\/targetgroupbindings/)).toBe(2);
    const kube = keys.filter((key) => key.includes('/api'));
    expect(kube.length).toBe(new Set(kube).size);
    await agrees(stage, list);
  }));

test('a binding that owns its target group is shown, and the line is not green', () =>
  onStage('joined', async (stage) => {
    flagOff(stage);
    const { code, stdout } = await stage.nlbmc(LIST);
    expect(code).toBe(0);
    expect(stdout).toMatch(/degraded .*sec-eks-clu1 \d \(exclusive\)/);
    expect(stdout).toContain(`next: nlbmc verify nginx -n default --context ${PRI},${SEC}`);
    const list = await listIn(stage);
    expect(list.items[0]?.codes).toContain('binding-exclusive');
    await agrees(stage, list);
  }));

test('a cluster that cannot be read leaves no green line, and exit 8', () =>
  onStage('joined', async (stage) => {
    stage.world.faults.add({
      world: 'kube',
      cluster: SEC,
      kind: 'status',
      status: 403,
      match: /targetgroupbindings/,
    });
    const { code, stdout } = await stage.nlbmc(LIST);
    expect(code).toBe(8);
    expect(stdout).toContain('unknown');
    const list = await listIn(stage);
    expect(list.exit).toBe(8);
    expect(list.items.map(({ state }) => state)).toEqual(['unknown']);
    expect(list.problems[0]).toMatchObject({ code: 'api-forbidden' });
    await agrees(stage, list);
  }));

test.each([
  ['DescribeTargetHealth', 'unknown'],
  ['DescribeTargetGroups', 'unknown'],
  ['DescribeLoadBalancers', 'unknown'],
  ['DescribeLoadBalancerAttributes', 'unknown'],
])('without %s the word is not known', (action, state) =>
  onStage('joined', async (stage) => {
    secondApp(stage);
    const match = new RegExp(`${action}$`);
    stage.world.faults.add({ world: 'aws', kind: 'status', status: 403, match });
    const list = await listIn(stage);
    expect(list.exit).toBe(8);
    const shared = list.items.find(({ service }) => service.name === 'nginx');
    expect(shared?.state).toBe(state);
    // A load balancer that one cluster has for itself has no attributes to judge.
    const own = list.items.find(({ service }) => service.name === 'shop');
    expect(own?.state).not.toBe('ready');
  }),
);

test('bindings of one namespace only: the others are said to be missing', () =>
  onStage('joined', async (stage) => {
    const deny = { resource: BINDINGS, namespace: null };
    stage.world.cluster(SEC).kube.access.deny(deny);
    const { stdout } = await stage.nlbmc(LIST);
    expect(stdout).toMatch(
      /skipped Bindings of sec-eks-clu1 may be listed in namespace default only/,
    );
    const list = await listIn(stage, LIST);
    expect(list.skips.map(({ code }) => code)).toEqual(['api-forbidden']);
    const asked = await listIn(stage, `${LIST} -n default`);
    expect([asked.skips, asked.items.length]).toEqual([[], 1]);
    await agrees(stage, list);
  }));

test('-n, -A and --region choose lines; none is no failure, and is said', () =>
  onStage('joined', async ({ nlbmc }) => {
    const none = await nlbmc(`${LIST} -n shop`);
    expect([none.code, none.stdout]).toEqual([0, '']);
    expect(none.stderr).toContain(
      `No load balancer has a TargetGroupBinding in namespace shop of ${PRI} and ${SEC}.`,
    );
    expect(none.stderr).toContain(`nlbmc list --context ${PRI},${SEC} --all-namespaces`);
    expect((await listIn({ nlbmc }, `${LIST} -n shop -A`)).items).toHaveLength(1);
    expect((await listIn({ nlbmc }, `${LIST} -n default`)).items).toHaveLength(1);
    expect((await listIn({ nlbmc }, `${LIST} --region eu-west-1`)).items).toEqual([]);
  }));

test('a target group that AWS does not have is gone, not unknown', () =>
  onStage('joined', async (stage) => {
    const { aws } = stage.world;
    const all = (action: string, params: object = {}) =>
      aws.call(`elbv2.${action}`, params, 'person');
    const { Listeners } = all('DescribeListeners', {
      LoadBalancerArn: all('DescribeLoadBalancers').LoadBalancers[0].LoadBalancerArn,
    });
    for (const { ListenerArn } of Listeners) all('DeleteListener', { ListenerArn });
    for (const { TargetGroupArn } of all('DescribeTargetGroups').TargetGroups)
      all('DeleteTargetGroup', { TargetGroupArn });
    const list = await listIn(stage);
    expect(list.items).toMatchObject([
      { loadBalancer: null, state: 'degraded', ports: [{ exists: false }] },
    ]);
    expect((await stage.nlbmc(LIST)).stdout).toContain('(target group gone)');
    await agrees(stage, list);
  }));

describe('a load balancer that no cluster owns', () => {
  /** A second application on the same load balancer, with a listener of its own. */
  function addListener(world: World): void {
    const call = (action: string, params: object = {}) =>
      world.aws.call(`elbv2.${action}`, params, 'terraform');
    const { LoadBalancerArn } = call('DescribeLoadBalancers').LoadBalancers[0];
    const [{ VpcId }] = call('DescribeTargetGroups').TargetGroups;
    const { TargetGroups } = call('CreateTargetGroup', {
      Name: 'shared-api',
      Protocol: 'TCP',
      Port: 80,
      VpcId,
      TargetType: 'ip',
      HealthCheckIntervalSeconds: 10,
    });
    const { TargetGroupArn } = TargetGroups[0];
    const DefaultActions = [{ Type: 'forward', TargetGroupArn }];
    call('CreateListener', { LoadBalancerArn, Protocol: 'TCP', Port: 8080, DefaultActions });
  }

  test('several applications on it are a line each, with the Services of their members', async () => {
    const sandbox = await startPractice({ scenario: 'no-owner' });
    try {
      const { world } = sandbox;
      const nlbmc = (line: string) => runNlbmc(sandbox, line, { onSleep: () => world.settle() });
      addListener(world);
      for (const name of EKS.slice(0, 2)) {
        const { kube } = world.cluster(name);
        const service = appNamed('api', plainService('ClusterIP'));
        service.spec.ports = [{ port: 8080, targetPort: 80, protocol: 'TCP' }];
        createAll(kube, appNamed('api', deployment(1)), service);
      }
      world.settle();
      const first = `--context ${EKS[0]} --load-balancer shared --yes`;
      const lines = [
        `join web ${first}`,
        `join web --context ${EKS[1]} --primary ${EKS[0]} --yes`,
        `join api ${first}`,
      ];
      for (const line of lines) {
        const { code, stdout } = await nlbmc(line);
        expect([line, code, code === 0 ? '' : stdout]).toEqual([line, 0, '']);
      }
      const LINE = `list --context ${EKS.join(',')}`;
      const list = await listIn({ nlbmc }, LINE);
      expect(list.exit).toBe(0);
      expect(list.items).toMatchObject([
        { service: { name: 'api' }, state: 'ready', members: [{ cluster: EKS[0], healthy: 1 }] },
        {
          loadBalancer: { name: 'shared' },
          owner: { kind: 'none' },
          service: { name: 'web' },
          state: 'ready',
          members: [
            { cluster: EKS[0], role: 'peer', healthy: 2 },
            { cluster: EKS[1], role: 'peer', healthy: 2 },
          ],
        },
      ]);
      await agrees({ nlbmc }, list);
      expectGolden('list-no-owner.txt', `$ nlbmc ${LINE}\n${(await nlbmc(LINE)).stdout}`);
    } finally {
      await sandbox.stop();
    }
  });
});
