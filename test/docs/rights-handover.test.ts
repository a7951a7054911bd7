import type { PolicyRule } from '../../src/sandbox/kube/cluster/rbac.ts';
import { runNlbmc } from '../commands/harness.ts';
import { onShared } from '../commands/handover/ways.ts';
import { type Scene, watched } from '../commands/handover/watched.ts';
import { fullSize } from '../full-size.ts';
import { person } from '../sandbox/handover/shared.ts';
import { giveRole } from '../sandbox/kube/roles.ts';
import { readPage } from './pages.ts';
import { rulesOf } from './rights-rules.ts';
import { rightOf } from './rights-table.ts';

const HEADING = 'Kubernetes, to hand over';
const FORWARD = 'handover nginx --old old --new new --yes';
const NOBODY = 'handover nginx --old old --new nobody --context new --yes';
const LOST = `${FORWARD} --lost --accept old-answers`;

/** The tables of the page below both headings: for each right, what stands in the columns. */
const sections = readPage('docs/rights.md')
  .split('\n## ')
  .filter((section) => section.split('\n')[0]?.endsWith(', to hand over'));
const rows = sections.flatMap((section) =>
  [...section.matchAll(/^\| ((?:\w+ |\w+:)[\w/]+) \|(.*)\|$/gm)].map((m) => ({
    right: m[1] ?? '',
    cells: (m[2] ?? '').split('|').map((cell) => cell.trim()),
  })),
);

/** Columns by cluster; AWS has one. */
const columns: Readonly<Record<string, number>> = { old: 0, new: 1 };

/** Actions of AWS that the page names, with these words. */
const actions = (...words: readonly string[]): readonly string[] =>
  rows
    .filter(({ right, cells }) => right.includes(':') && words.includes(cells[0] ?? ''))
    .map(({ right }) => right.replace('elasticloadbalancing:', 'elbv2.').replace('ec2:', 'ec2.'));

/** A policy of AWS that allows these actions, and every identity to ask who it is. */
function allowOnly({ world }: Scene, allowed: readonly string[]): () => void {
  const names = [...allowed, 'sts.GetCallerIdentity'].map((one) => one.replace('.', '\\.'));
  const match = new RegExp(`^(?!(?:${names.join('|')})$)`);
  return world.faults.add({ world: 'aws', match, kind: 'status', status: 403 });
}

/** Where the page says that a right is needed. */
function scopeOf({ verbs, resources: [resource = ''] = [] }: PolicyRule): string {
  if (['deployments', 'pods', 'leases'].includes(resource)) return 'kube-system';
  return verbs.includes('list') && resource === 'targetgroupbindings' ? '' : 'default';
}

/** Gives a user the rights that the page calls needed, each where it says, but for one. */
function employ({ world }: Scene, user: string, less?: { cluster: string; rule: PolicyRule }) {
  for (const [cluster, column] of Object.entries(columns)) {
    const rules = rulesOf(HEADING, column, ['needed']).filter(
      (rule) => cluster !== less?.cluster || JSON.stringify(rule) !== JSON.stringify(less.rule),
    );
    const kube = world.clusters.get(cluster)?.kube;
    if (!kube) throw new Error(`there is no cluster ${cluster}`);
    for (const scope of ['default', 'kube-system', '']) {
      giveRole(
        kube,
        user,
        scope,
        rules.filter((rule) => scopeOf(rule) === scope),
      );
    }
  }
}

/** What nlbmc wrote since then. */
const written = ({ world }: Scene, from: number) =>
  world.journal.entries
    .slice(from)
    .filter(
      ({ source, mutating, dryRun, status }) =>
        source === 'http' && mutating && !dryRun && status < 300,
    );

/** What was asked for since then, by right and column. */
const askedIn = ({ world }: Scene, from: number) =>
  world.journal.entries
    .slice(from)
    .filter(({ source }) => source === 'http')
    .map((entry) => ({ right: rightOf(entry), column: columns[entry.cluster ?? ''] ?? 0 }));
type Asked = ReturnType<typeof askedIn>;

/** Rights that were asked for, and are not in the tables. Which kinds there are may be read by everybody. */
const missingOf = (asked: Asked): readonly string[] => [
  ...new Set(
    asked
      .filter(({ right, column }) => !rows.find((row) => row.right === right)?.cells[column])
      .map(({ right }) => right)
      .filter((right) => !right.includes('/apis/')),
  ),
];

/** Rights that the tables call needed, and nothing asked for. */
const neverOf = (asked: Asked): readonly string[] =>
  rows.flatMap(({ right, cells }) =>
    cells
      .slice(0, -1)
      .flatMap((cell, column) =>
        ['needed', 'later'].includes(cell) &&
        !asked.some((one) => one.right === right && one.column === column)
          ? [`${right} ${column}`]
          : [],
      ),
  );

// A dry run reads all that is read, and sends the first patches; runs to the end are below.
test('every right of a handover is in its tables', () =>
  onShared({}, async (scene) => {
    const from = scene.world.journal.entries.length;
    const line = FORWARD.replace('--yes', '--dry-run');
    expect((await runNlbmc(scene.sandbox, line)).code).toBe(0);
    expect(missingOf(askedIn(scene, from))).toEqual([]);
  }));

/** Its pods and its controller are gone; its instances are still there. */
function lose({ world }: Scene): void {
  world.primary.lbc.stop();
  for (const { metadata } of world.primary.kube.list('pods', 'default'))
    world.primary.kube.delete('pods', 'default', metadata.name, person);
  world.clock.advance(120_000);
}

const stories = [
  { name: 'there and back', lines: [FORWARD, `${FORWARD} --back`] },
  { name: 'to no cluster and back', lines: [NOBODY, `${NOBODY} --back`] },
  { name: 'from a cluster that is lost', lines: [LOST], damage: lose },
];

// Outside CI the shortest of them.
test.each(stories.slice(fullSize ? 0 : 2))(
  'a person with what is needed and nothing more hands over: $name',
  ({ lines, damage }) =>
    onShared({}, async (scene) => {
      damage?.(scene);
      employ(scene, 'operator');
      allowOnly(scene, actions('needed', 'sometimes', 'later'));
      const from = scene.world.journal.entries.length;
      for (const line of lines) {
        const { code, stdout } = await runNlbmc(scene.sandbox, `${line} --as operator`, {});
        expect({ line, code, said: code === 0 ? '' : stdout }).toEqual({ line, code: 0, said: '' });
      }
      const asked = askedIn(scene, from);
      expect(missingOf(asked)).toEqual([]);
      // One is for the end without an owner alone.
      if (lines[0] === FORWARD)
        expect(neverOf(asked)).toEqual(['elasticloadbalancing:RemoveTags 0']);
    }),
);

const needed = [
  ...Object.entries(columns).flatMap(([cluster, column]) =>
    rulesOf(HEADING, column, ['needed']).map((rule) => ({ kind: 'kube' as const, cluster, rule })),
  ),
  ...actions('needed').map((action) => ({ kind: 'aws' as const, action })),
];

// Outside CI each fifth.
test('without one right that is needed, nothing is written, and what is missing is said', () =>
  onShared({}, async (scene) => {
    const { world, sandbox } = scene;
    for (const [n, less] of needed.filter((_, at) => fullSize || at % 5 === 0).entries()) {
      const user = `operator-${n}`;
      employ(scene, user, less.kind === 'kube' ? less : undefined);
      const allowed = actions('needed', 'later').filter(
        (action) => less.kind === 'kube' || action !== less.action,
      );
      const end = allowOnly(scene, allowed);
      const from = world.journal.entries.length;
      const { code, stdout } = await runNlbmc(sandbox, `${FORWARD} --as ${user}`);
      end();
      const words =
        less.kind === 'aws'
          ? less.action.split('.')[1]
          : `You may not ${less.rule.verbs[0]} ${less.rule.resources?.[0]}`;
      expect({
        less,
        code,
        wrote: written(scene, from),
        said: stdout.includes(words ?? '') || stdout,
      }).toEqual({
        less,
        code: less.kind === 'kube' && less.rule.verbs[0] === 'patch' ? 5 : 8,
        wrote: [],
        said: true,
      });
    }
  }));

// Outside CI the first one alone.
test('without a right that is needed later, the run stops there, says which, and goes on when it is granted', () =>
  onShared({}, async (scene) => {
    const { sandbox } = scene;
    const onTheWay = [
      'elbv2.AddTags',
      'ec2.DeleteTags',
      'elbv2.CreateTargetGroup',
      'elbv2.DeleteTargetGroup',
      'ec2.CreateTags',
    ];
    const all = actions('needed', 'improves', 'later');
    expect(onTheWay.toSorted()).toEqual(
      actions('later')
        .filter((one) => one !== 'elbv2.RemoveTags')
        .toSorted(),
    );
    for (const missing of fullSize ? onTheWay : onTheWay.slice(0, 1)) {
      const grant = allowOnly(
        scene,
        all.filter((one) => one !== missing),
      );
      const run = await watched(scene, FORWARD);
      grant();
      expect({ missing, ...run, stdout: '', stderr: '' }).toMatchObject({
        missing,
        code: 7,
        missed: [],
        harmful: [],
      });
      expect(run.stdout).toContain(missing.split('.')[1]);
    }
    if (!fullSize) return;
    expect((await runNlbmc(sandbox, FORWARD)).code).toBe(0);
  }));
