import type { World } from '../../src/sandbox/world.ts';
import { ENABLE, JOIN, onStage, PRI, SEC } from './stage.ts';

interface Group {
  readonly TargetGroups: readonly { readonly TargetGroupArn: string }[];
}
interface Health {
  readonly TargetHealthDescriptions: readonly {
    readonly Target: { readonly Id: string; readonly Port: number };
    readonly TargetHealth: { readonly State: string };
  }[];
}

const arnOf = (world: World): string => {
  const { TargetGroups } = world.aws.call('elbv2.DescribeTargetGroups', {}, 'test') as Group;
  return TargetGroups[0]?.TargetGroupArn ?? '';
};

/** Ids of the targets that serve: registered and not on their way out. */
function serving(world: World): string[] {
  const TargetGroupArn = arnOf(world);
  const health = world.aws.call('elbv2.DescribeTargetHealth', { TargetGroupArn }, 'test') as Health;
  return health.TargetHealthDescriptions.filter(
    ({ TargetHealth }) => TargetHealth.State !== 'draining',
  )
    .map(({ Target }) => Target.Id)
    .sort();
}

const podAddresses = (world: World, cluster: string): string[] =>
  world
    .cluster(cluster)
    .kube.list('pods', 'default')
    .map(({ status }) => (status as { podIP: string }).podIP)
    .sort();

/** Registers addresses by hand, as a person who joined first would have had it done. */
const register = (world: World, ids: readonly string[]): unknown =>
  world.aws.call(
    'elbv2.RegisterTargets',
    { TargetGroupArn: arnOf(world), Targets: ids.map((Id) => ({ Id, Port: 80 })) },
    'person',
  );

const person = { actor: 'person', manager: 'kubectl-patch', internal: true };
const binding = (
  world: World,
  cluster: string,
): { name: string; spec: Record<string, unknown> } => {
  const [first] = world.cluster(cluster).kube.list('targetgroupbindings.elbv2.k8s.aws');
  if (!first) throw new Error(`no binding in ${cluster}`);
  return { name: first.metadata.name, spec: first.spec as Record<string, unknown> };
};

/** The flag by kubectl, on the binding or, where LBC would set it back, on the Service. */
function flagByHand(world: World, cluster: string, value: boolean): void {
  const { kube } = world.cluster(cluster);
  if (cluster === PRI) {
    const key = 'service.beta.kubernetes.io/aws-load-balancer-multi-cluster-target-group';
    const body = { metadata: { annotations: { [key]: String(value) } } };
    kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
    return;
  }
  const body = { spec: { multiClusterTargetGroup: value } };
  const { name } = binding(world, cluster);
  kube.patch('targetgroupbindings.elbv2.k8s.aws', 'default', name, { type: 'merge', body }, person);
}

/** Every pod of each cluster is replaced, and an hour passes: each controller reconciles in full. */
function rollouts(world: World): void {
  for (const { kube } of world.clusters.values()) {
    world.clock.advance(6 * 60_000);
    kube.patch(
      'deployments.apps',
      'default',
      'nginx',
      { type: 'merge', body: { spec: { template: { metadata: { labels: { day: 'next' } } } } } },
      person,
    );
    world.settle();
  }
  world.clock.advance(3_600_000);
}

describe("law 5: no plan makes another cluster's target leave", () => {
  test('enable rescues foreign targets that are registered already', () =>
    onStage('deployed', async ({ nlbmc, world }) => {
      const foreign = podAddresses(world, SEC);
      register(world, foreign);
      const { code, stdout } = await nlbmc(`${ENABLE} --yes -o json`);
      expect(code).toBe(0);
      expect(stdout).toContain('foreign-targets');
      world.clock.advance(3_600_000);
      expect(serving(world)).toEqual(expect.arrayContaining(foreign));
    }));

  test('without enable, the same foreign targets are gone at the next rollout: the harm is real', () =>
    onStage('deployed', async ({ world }) => {
      const foreign = podAddresses(world, SEC);
      register(world, foreign);
      rollouts(world);
      expect(serving(world).filter((id) => foreign.includes(id))).toEqual([]);
    }));

  test('enable is refused where a leftover ConfigMap would have foreign targets deregistered', () =>
    onStage('deployed', async ({ nlbmc, requests, world }) => {
      const foreign = podAddresses(world, SEC);
      register(world, foreign);
      world.primary.kube.create(
        'configmaps',
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: `aws-lbc-targets-${binding(world, PRI).name}`, namespace: 'default' },
          data: { targets: foreign.map((id) => `${id}:80`).join(',') },
        },
        person,
      );
      const { code, stdout } = await nlbmc(`${ENABLE} --yes -o json`);
      const { problems } = JSON.parse(stdout) as { problems: { code: string; saves?: number }[] };
      expect(code).toBe(5);
      expect(problems).toContainEqual(
        expect.objectContaining({ code: 'leftover-tracked-targets', saves: foreign.length }),
      );
      expect(requests().filter((request) => request.mutating)).toEqual([]);

      // The twin: the flag by hand does the harm that the refusal named.
      flagByHand(world, PRI, true);
      world.settle();
      expect(serving(world).filter((id) => foreign.includes(id))).toEqual([]);
    }));

  test('join is refused while the primary is exclusive, and names what that saves', () =>
    onStage('deployed', async ({ nlbmc, requests, world }) => {
      const { code, stdout } = await nlbmc(`${JOIN} --yes -o json`);
      const { problems } = JSON.parse(stdout) as { problems: { code: string; saves?: number }[] };
      expect(code).toBe(5);
      expect(problems).toContainEqual(
        expect.objectContaining({
          code: 'primary-not-enabled',
          saves: podAddresses(world, SEC).length,
        }),
      );
      expect(requests().filter((request) => request.mutating)).toEqual([]);
    }));

  test('join is refused next to an exclusive binding, and adopts it without harm', () =>
    onStage('joined', async ({ nlbmc, world }) => {
      const all = serving(world);
      // Within five minutes of a join the controller's cache of targets hides the flag from it
      // (pkg/targetgroupbinding/targets_manager.go).
      flagByHand(world, SEC, false);
      const { code, stdout } = await nlbmc(`${JOIN} --yes -o json`);
      const { problems } = JSON.parse(stdout) as {
        problems: { code: string; hints?: { text: string }[] }[];
      };
      expect(code).toBe(5);
      const refusal = problems.find((problem) => problem.code === 'binding-exclusive');
      const hints = refusal?.hints?.map(({ text }) => text).join('\n');
      expect(hints).toContain('--adopt');
      expect(hints).not.toContain('delete');

      const adopted = await nlbmc(`${JOIN} --yes --adopt`);
      expect(adopted.code).toBe(0);
      expect(binding(world, SEC).spec['multiClusterTargetGroup']).toBe(true);
      rollouts(world);
      expect(serving(world)).toHaveLength(all.length);
    }));

  test('after enable and join, rollouts in both clusters take nobody out', () =>
    onStage('joined', async ({ nlbmc, world }) => {
      rollouts(world);
      const expected = [...podAddresses(world, PRI), ...podAddresses(world, SEC)].sort();
      expect(serving(world)).toEqual(expected);
      expect((await nlbmc(`verify nginx --context ${PRI},${SEC}`)).code).toBe(0);
    }));

  test('disable on a secondary is refused: another cluster owns the load balancer', () =>
    onStage('joined', async ({ nlbmc, requests, world }) => {
      const others = podAddresses(world, PRI);
      const line = `disable nginx --context ${SEC} --exclusive --accept unlisted-members --yes`;
      const { code, stdout } = await nlbmc(`${line} -o json`);
      const { problems } = JSON.parse(stdout) as { problems: { code: string }[] };
      expect([code, ...problems.map((one) => one.code)]).toEqual([5, 'owner-elsewhere']);
      expect(requests().filter((request) => request.mutating)).toEqual([]);

      // The twin: the flag by hand costs the owner its targets.
      flagByHand(world, SEC, false);
      world.clock.advance(6 * 60_000);
      rollouts(world);
      expect(serving(world).filter((id) => others.includes(id))).toEqual([]);
    }));
});
