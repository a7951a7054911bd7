import type { Report } from '../../src/core/plan/report.ts';
import type { Controllers } from '../../src/sandbox/scenarios/scenarios.ts';
import { ENABLE, JOIN, PRI, SEC, setStage, type Stage, VERIFY } from '../laws/stage.ts';
import { runNlbmc } from './harness.ts';

const LEAVE = `leave nginx --context ${SEC} --primary ${PRI}`;
const BOTH = `--context ${PRI},${SEC}`;
const AUTO = 'targetgroupbindings.eks.amazonaws.com';
const LBC = 'targetgroupbindings.elbv2.k8s.aws';

async function onMix<T>(
  [primary, secondary]: readonly [Controllers, Controllers],
  act: (stage: Stage) => Promise<T>,
): Promise<T> {
  const controllers = (role: string) => (role === 'primary' ? primary : secondary);
  const stage = await setStage('deployed', { scenario: 'auto-mode', controllers });
  try {
    return await act(stage);
  } finally {
    await stage.stop();
  }
}

async function type({ sandbox, world }: Stage, line: string): Promise<Report> {
  const onSleep = (): void => world.settle();
  const { stdout } = await runNlbmc(sandbox, `${line} -o json`, { onSleep });
  world.settle();
  return JSON.parse(stdout) as Report;
}

/** How often a report says that EKS Auto Mode is not verified, wherever it says so. */
const saysUntested = ({ problems, cautions, notes = [] }: Report): number =>
  [...problems, ...cautions, ...notes].filter(({ code }) => code === 'flavour-unverified').length;

const kindsIn = ({ world }: Stage, cluster: string): readonly string[] =>
  [AUTO, LBC].filter((kind) => {
    const { kube } = world.cluster(cluster);
    return kube
      .list('customresourcedefinitions.apiextensions.k8s.io')
      .some(({ metadata }) => metadata.name === kind)
      ? kube.list(kind, 'default').length > 0
      : false;
  });

const mixes = [
  ['lbc', 'auto-mode'],
  ['auto-mode', 'lbc'],
  ['auto-mode', 'auto-mode'],
  ['both', 'both'],
  ['both', 'auto-mode'],
] as const;

test.each(mixes)('primary %s, secondary %s: there and back with every command', (...mix) =>
  onMix(mix, async (stage) => {
    for (const one of stage.world.clusters.values()) one.autoMode?.attachPolicy();
    // The open-source controller makes the class and the bindings where it is installed.
    const [primary, secondary] = mix.map((one) => (one === 'auto-mode' ? AUTO : LBC));
    const involved = mix.includes('auto-mode') ? 1 : 0;
    const said: Record<string, readonly [string, number]> = {};
    const lines = {
      enable: `${ENABLE} --yes`,
      join: `${JOIN} --yes`,
      'join again': `${JOIN} --yes`,
      repair: `repair nginx ${BOTH} --yes`,
      purge: `purge nginx ${BOTH} --yes`,
      leave: `${LEAVE} --yes`,
      disable: `disable nginx ${BOTH} --yes`,
    };
    for (const [name, line] of Object.entries(lines)) {
      const report = await type(stage, line);
      said[name] = [report.result, saysUntested(report)];
      if (name === 'join again') {
        expect([kindsIn(stage, PRI), kindsIn(stage, SEC)]).toEqual([[primary], [secondary]]);
        expect(report.writes).toEqual([]);
        const verify = await type(stage, VERIFY);
        expect([verify.exit, saysUntested(verify)]).toEqual([0, involved]);
      }
    }
    const byPrimary = mix[0] === 'auto-mode' ? 1 : 0;
    expect(said).toEqual({
      enable: ['enabled', byPrimary],
      join: ['joined', involved],
      'join again': ['already joined', involved],
      repair: ['nothing to repair', involved],
      purge: ['already purged', involved],
      leave: ['left', involved],
      disable: ['disabled', byPrimary],
    });
    expect(stage.world.cluster(SEC).kube.list(secondary!, 'default')).toEqual([]);
  }),
);

test('a join that AWS denies names the policy, and goes on once it is attached', () =>
  onMix(['lbc', 'auto-mode'], async (stage) => {
    await type(stage, `${ENABLE} --yes`);
    const { world } = stage;
    const join = await type(stage, `${JOIN} --yes`);
    expect([join.exit, join.problems.map(({ code }) => code)]).toEqual([
      6,
      ['timed-out', 'registration-denied'],
    ]);
    const verify = await type(stage, VERIFY);
    expect(verify.problems.map(({ code }) => code)[0]).toBe('registration-denied');
    const told = verify.problems[0]?.hints?.[0] as unknown as { readonly argv: readonly string[] };
    const { argv } = told;
    const valueOf = (option: string) => argv[argv.indexOf(option) + 1];
    world.aws.call(
      'iam.PutRolePolicy',
      {
        RoleName: valueOf('--role-name'),
        PolicyName: valueOf('--policy-name'),
        PolicyDocument: valueOf('--policy-document'),
      },
      'person',
    );
    expect((await type(stage, `${JOIN} --yes`)).result).toBe('already joined');
    expect((await type(stage, VERIFY)).exit).toBe(0);
  }));

test('in a cluster with both kinds, what is printed for kubectl names the one that is meant', () =>
  onMix(['both', 'both'], async (stage) => {
    await type(stage, `${ENABLE} --yes`);
    await type(stage, `${JOIN} --yes`);
    const { kube, lbc } = stage.world.cluster(SEC);
    lbc.pause();
    const body = { spec: { replicas: 3 } };
    const person = { actor: 'person', manager: 'kubectl', internal: true };
    kube.patch('deployments.apps', 'default', 'nginx', { type: 'merge', body }, person);
    stage.world.settle();
    const { stdout } = await stage.nlbmc(`${VERIFY} --wait --timeout 20s`);
    const kubectl = stdout.split('\n').filter((line) => /kubectl .*targetgroupbinding/.test(line));
    expect(kubectl).toEqual(
      kubectl.map(() => expect.stringContaining('.elbv2.k8s.aws ') as string),
    );
  }));

test('an EKS Auto Mode cluster whose definition lacks the flag is refused before anything is written', () =>
  onMix(['lbc', 'auto-mode'], async (stage) => {
    await type(stage, `${ENABLE} --yes`);
    const { kube } = stage.world.cluster(SEC);
    const definitions = 'customresourcedefinitions.apiextensions.k8s.io';
    const definition = structuredClone(kube.get(definitions, '', AUTO)!);
    delete definition['spec'].versions[0].schema.openAPIV3Schema.properties.spec.properties
      .multiClusterTargetGroup;
    kube.update(definitions, definition, { actor: 'eks', manager: 'eks', internal: true });
    const join = await type(stage, `${JOIN} --yes`);
    expect([join.exit, join.writes]).toEqual([5, []]);
    const [problem] = join.problems;
    expect(problem?.code).toBe('field-stripped');
    expect(problem?.message).toContain(AUTO);
    expect(JSON.stringify(problem?.hints)).not.toMatch(/helm|kubectl apply/);
  }));

test('where no cluster owns the load balancer, members of both kinds enroll, share and leave', async () => {
  const first = 'eks-clu1';
  const second = 'eks-clu2';
  const controllers = (role: string) => (role === 'primary' ? 'auto-mode' : 'lbc');
  const stage = await setStage('deployed', { scenario: 'no-owner', controllers });
  try {
    stage.world.cluster(first).autoMode?.attachPolicy();
    const said: Record<string, unknown> = {};
    const lines = {
      enroll: `join web --context ${first} --load-balancer shared --yes`,
      join: `join web --context ${second} --primary ${first} --yes`,
      enable: `enable web --context ${first} --yes`,
      verify: `verify web --context ${first},${second}`,
      repair: `repair web --context ${first},${second} --yes`,
      leave: `leave web --context ${second} --primary ${first} --yes`,
    };
    for (const [name, line] of Object.entries(lines)) {
      const report = await type(stage, line);
      said[name] = [report.exit, saysUntested(report), report.problems.map(({ code }) => code)];
    }
    expect(said).toEqual(Object.fromEntries(Object.keys(lines).map((name) => [name, [0, 1, []]])));
  } finally {
    await stage.stop();
  }
});
