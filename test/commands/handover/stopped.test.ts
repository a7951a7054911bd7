import type { Report } from '../../../src/core/plan/report.ts';
import { fullSize } from '../../full-size.ts';
import { BINDINGS, PREFIX } from '../../sandbox/handover/shared.ts';
import { writesSince } from '../harness.ts';
import { onShared } from './ways.ts';
import { type Scene, watched } from './watched.ts';

const FORWARD = 'handover nginx --old old --new new --yes';

const reportOf = ({ stdout }: { readonly stdout: string }): Report => JSON.parse(stdout) as Report;
/** Without the breaks of lines. */
const joined = (text: string): string => text.replaceAll(/\s+/g, ' ');
const codesOf = (problems: readonly { readonly code: string }[]): readonly string[] => [
  ...new Set(problems.map(({ code }) => code)),
];

const journal = ({ world }: Scene): number => world.journal.entries.length;

test('what verify calls red refuses all of it before anything is written', () =>
  onShared({}, async (scene) => {
    const { shared } = scene;
    const [binding] = shared.bindings(shared.fresh);
    shared.merge(shared.fresh, BINDINGS, binding!.metadata.name, {
      spec: { multiClusterTargetGroup: false },
    });
    const from = journal(scene);
    const report = reportOf(await watched(scene, `${FORWARD} -o json`));
    expect(report.exit).toBe(5);
    expect(codesOf(report.problems)).toContain('verify-not-green');
    expect(writesSince(scene.sandbox, from)).toEqual([]);
  }));

test('the plan says what only AWS can show', () =>
  onShared({}, async (scene) => {
    const from = journal(scene);
    const report = reportOf(await watched(scene, `${FORWARD} --dry-run -o json`));
    expect(report.exit).toBe(0);
    expect(codesOf(report.cautions)).toContain('handover-unproven');
    expect(writesSince(scene.sandbox, from)).toEqual([]);
  }));

test('a Service that a tool gives back each time is released some times, and then left', () =>
  onShared({}, async (scene) => {
    const { shared, world } = scene;
    const { metadata, spec } = shared.service(shared.old);
    const asWritten = {
      metadata: { annotations: metadata.annotations },
      spec: { type: spec.type, loadBalancerClass: spec.loadBalancerClass },
    };
    const giveBack = (): void => {
      const now = shared.service(shared.old).spec;
      if (now.loadBalancerClass === spec.loadBalancerClass) return;
      shared.merge(shared.old, 'services', 'nginx', {
        spec: { type: 'NodePort', loadBalancerClass: null },
      });
      shared.merge(shared.old, 'services', 'nginx', asWritten);
    };
    const from = journal(scene);
    const run = await watched(scene, `${FORWARD} -o json`, { onStep: giveBack });
    const report = reportOf(run);
    expect(report.exit).toBe(7);
    expect(codesOf(report.problems)).toContain('release-reverted');
    expect(run).toMatchObject({ missed: [], harmful: [] });
    const tags = world.journal.entries
      .slice(from)
      .filter(({ action }) => action?.endsWith('Tags') === true);
    expect(tags.filter(({ mutating }) => mutating)).toEqual([]);
  }));

test('what the controller makes beside it stops the run at once, and --back returns', () =>
  onShared({}, async (scene) => {
    const { shared, world } = scene;
    const { service, aws } = {
      service: () => shared.service(shared.fresh),
      aws: (action: string, parameters: object) => world.aws.call(action, parameters, 'person'),
    };
    let made = false;
    const makeBeside = (): void => {
      if (made || service().metadata.finalizers === undefined) return;
      made = true;
      const tags = {
        'elbv2.k8s.aws/cluster': 'new',
        'service.k8s.aws/stack': 'default/nginx',
        'service.k8s.aws/resource': 'default/nginx:80',
      };
      aws('elbv2.CreateTargetGroup', {
        Name: 'k8s-default-nginx-beside',
        Protocol: 'TCP',
        Port: 80,
        TargetType: 'ip',
        VpcId: shared.fresh.vpcId,
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      });
    };
    const run = await watched(scene, `${FORWARD} -o json`, { onStep: makeBeside });
    const report = reportOf(run);
    expect(report.exit).toBe(6);
    expect(codesOf(report.problems)).toContain('owner-strays');
    expect(run).toMatchObject({ missed: [], harmful: [] });
    const back = await watched(scene, `${FORWARD} --back -o json`);
    expect(back).toMatchObject({ code: 0, missed: [], harmful: [] });
    expect(service().metadata.annotations?.[`${PREFIX}security-groups`]).toBeUndefined();
  }));

test.each([
  [
    'AccessDenied',
    'a policy',
    403,
    /"timed-out"/,
    /It says: Warning FailedDeployModel .*AccessDenied/,
  ],
  [
    'DuplicateTargetGroupName',
    'a placeholder',
    400,
    /"reconcile-failed"/,
    /rollout restart deployment/,
  ],
] as const)(
  'what the controller says of %s, which stops it by %s, is told',
  (reason, _, status, code, text) =>
    onShared({}, async (scene) => {
      const { world } = scene;
      const remove = world.faults.add({
        world: 'aws',
        caller: 'lbc/new',
        match: /^elbv2.SetSecurityGroups$/,
        kind: 'status',
        status,
        reason,
      });
      const run = await watched(scene, `${FORWARD} --timeout 3m -o json`);
      expect(run).toMatchObject({ code: 6, missed: [], harmful: [] });
      expect(run.stdout).toMatch(code);
      expect(run.stdout).toMatch(text);
      remove();
      const back = await watched(scene, `${FORWARD} --back`);
      if (back.code !== 0) throw new Error(back.stdout);
      expect(back).toMatchObject({ code: 0, missed: [], harmful: [] });
    }),
);

const skipped = ({ skips }: Report): string => skips.map(({ message }) => message).join(' ');

// Each is a run of its own: they are played in CI.
const inFull = fullSize ? test : test.skip;

inFull(
  'where the controller cannot write events, the adoption is shown by all else, and that is said',
  () =>
    onShared({}, async (scene) => {
      const { world } = scene;
      const match = /^(?:POST|PATCH) .*\/events/;
      world.faults.add({ world: 'kube', caller: 'lbc/new', match, kind: 'status', status: 403 });
      const run = await watched(scene, `${FORWARD} --until adopt -o json`);
      expect(run).toMatchObject({ code: 0, missed: [], harmful: [] });
      expect(skipped(reportOf(run))).toMatch(/SuccessfullyReconciled/);
    }),
);

inFull('a Service that shows the address already is not taken on by a pass that fails', () =>
  onShared({ withoutClass: true }, async (scene) => {
    const { world } = scene;
    expect(await watched(scene, `${FORWARD} --until adopt`)).toMatchObject({ code: 0 });
    const match = /^elbv2.SetSecurityGroups$/;
    const fault = { kind: 'status', status: 403, reason: 'AccessDenied' } as const;
    world.faults.add({ world: 'aws', caller: 'lbc/old', match, ...fault });
    const run = await watched(scene, `${FORWARD} --back --timeout 3m`);
    expect(run).toMatchObject({ code: 6, missed: [], harmful: [] });
    expect(run.stdout).toMatch(/It says: Warning FailedDeployModel .*AccessDenied/);
  }),
);

inFull('a tool sets the released Service back: it is released again, and then --back returns', () =>
  onShared({}, async (scene) => {
    const { shared } = scene;
    const { metadata, spec } = shared.service(shared.old);
    expect(await watched(scene, `${FORWARD} --until retag`)).toMatchObject({ code: 0 });
    shared.merge(shared.old, 'services', 'nginx', {
      spec: { type: 'NodePort', loadBalancerClass: null },
    });
    shared.merge(shared.old, 'services', 'nginx', {
      metadata: { annotations: metadata.annotations },
      spec: { type: spec.type, loadBalancerClass: spec.loadBalancerClass },
    });
    scene.world.clock.advance(2_000);
    const refused = reportOf(await watched(scene, `${FORWARD} --back -o json`));
    expect([refused.exit, codesOf(refused.problems)]).toEqual([5, ['other-load-balancer']]);
    const told = await watched(scene, `${FORWARD} --back`);
    const [, hint = ''] = /nlbmc (handover [^#]*--until release)/.exec(joined(told.stdout)) ?? [];
    const again = await watched(scene, `${hint} --yes`);
    if (again.code !== 0) throw new Error(again.stdout);
    const back = await watched(scene, `${FORWARD} --back`);
    if (back.code !== 0) throw new Error(back.stdout);
    expect([again, back]).toMatchObject([
      { missed: [], harmful: [] },
      { missed: [], harmful: [] },
    ]);
  }),
);
