import type { Report } from '../../src/core/plan/report.ts';
import { onStage, PRI, SEC, type Stage, VERIFY } from '../laws/stage.ts';
import { EVERYTHING, giveRole } from '../sandbox/kube/roles.ts';

const BINDINGS = 'targetgroupbindings.elbv2.k8s.aws';
const HOOKS = 'validatingwebhookconfigurations.admissionregistration.k8s.io';
const person = { actor: 'person', manager: 'kubectl', internal: true };

/** A user who may do everything, but sees bindings of one cluster in one namespace at a time. */
const narrowSightOf = ({ world }: Stage, context: string): void => {
  for (const { kube } of world.clusters.values()) giveRole(kube, 'app-team', '', EVERYTHING);
  world
    .cluster(context)
    .kube.access.deny({ user: 'app-team', resource: BINDINGS, namespace: null });
};

/** A second binding of the secondary on the target group, made while no webhook was registered. */
function bindElsewhere({ world }: Stage, shared: boolean): void {
  const { kube } = world.cluster(SEC);
  const model = kube.list(BINDINGS, 'default')[0]!;
  const hooks = kube.list(HOOKS);
  for (const { metadata } of hooks) kube.delete(HOOKS, '', metadata.name, person);
  const metadata = { name: 'other' };
  kube.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata }, person);
  kube.create(
    BINDINGS,
    {
      ...model,
      metadata: { namespace: 'other', name: 'old' },
      spec: { ...model['spec'], multiClusterTargetGroup: shared },
    },
    person,
  );
  for (const { metadata: old, ...rest } of hooks) {
    kube.create(HOOKS, { ...rest, metadata: { name: old.name } }, person);
  }
}

async function verify({ nlbmc }: Stage, more = ''): Promise<Report> {
  const { stdout } = await nlbmc(`${VERIFY} --as app-team -o json ${more}`);
  return JSON.parse(stdout) as Report;
}

const codes = ({ problems }: Report): readonly string[] => problems.map(({ code }) => code);

test('where bindings of other namespaces are out of sight, the controller tells whether one is exclusive', () =>
  onStage('joined', async (stage) => {
    narrowSightOf(stage, SEC);
    const fine = await verify(stage);
    expect([fine.exit, codes(fine), fine.skips]).toEqual([0, [], []]);
    const sent = stage.requests().filter(({ verb }) => verb === 'PATCH');
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.every(({ dryRun, cluster }) => dryRun && cluster === SEC)).toBe(true);

    bindElsewhere(stage, false);
    const red = await verify(stage);
    expect([red.exit, codes(red)]).toEqual([3, ['binding-exclusive']]);
    expect(red.problems[0]?.about).toEqual({
      cluster: SEC,
      binding: { namespace: 'other', name: 'old' },
    });
    expect((await verify(stage, '--accept unread')).exit).toBe(3);
    // Repair cannot set the flag of what it may not read, and does not say that all is well.
    const { stdout } = await stage.nlbmc(
      `repair nginx --context ${PRI},${SEC} --as app-team --yes -o json`,
    );
    const repaired = JSON.parse(stdout) as Report;
    expect([repaired.exit, codes(repaired), repaired.writes]).toEqual([
      5,
      ['binding-exclusive'],
      [],
    ]);
  }));

describe('what the controller does not say stays unknown', () => {
  test.each<[string, (stage: Stage) => void]>([
    [
      'where its webhook is not registered',
      ({ world }) => {
        const { kube } = world.cluster(SEC);
        for (const { metadata } of kube.list(HOOKS)) {
          kube.delete(HOOKS, '', metadata.name, person);
        }
      },
    ],
    ['where it does not answer', ({ world }) => world.cluster(SEC).lbc.stop()],
    [
      'where bindings may not be changed',
      ({ world }) =>
        void world
          .cluster(SEC)
          .kube.access.deny({ user: 'app-team', resource: BINDINGS, verb: 'patch' }),
    ],
    [
      'where its version may not be read',
      ({ world }) =>
        void world
          .cluster(SEC)
          .kube.access.deny({ user: 'app-team', resource: 'deployments.apps' }),
    ],
  ])('%s', (_, arrange) =>
    onStage('joined', async (stage) => {
      narrowSightOf(stage, SEC);
      arrange(stage);
      const report = await verify(stage);
      expect(report.exit).toBe(8);
      expect(codes(report)).toContain('api-forbidden');
    }),
  );
});
