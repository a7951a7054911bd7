/** @shared Modules of nlbmc are replaced by hooks of Node. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import type { ClusterView } from '../../src/core/model/cluster-view.ts';
import type { FaultRule } from '../../src/sandbox/requests/faults.ts';
import { type RunOptions, runNlbmc } from '../commands/harness.ts';
import { loadProgram } from './program.ts';
import { onStage, PRI, SEC, type Stage } from './stage.ts';

/** What contexts are called in a kubeconfig, and which cluster each leads to. */
type Names = Readonly<Record<string, typeof PRI | typeof SEC>>;

/** Every command, with P and S for contexts that lead to the primary and the secondary. */
const lines = [
  'verify nginx --context P,S',
  'verify nginx --context S,P',
  'verify nginx --context P',
  'verify nginx --context S',
  'show nginx --context P,S',
  'repair nginx --context P,S --yes',
  'purge nginx --context P,S --yes',
  'purge nginx --context P --yes',
  'disable nginx --context P --yes',
  'disable nginx --context P,S --yes',
  'disable nginx --context P --exclusive --yes',
  'disable nginx --context S --yes',
  'enable nginx --context P --yes',
  'enable nginx --context S --yes',
  'join nginx --context S --primary P --yes',
  'join nginx --context P --primary S --yes',
  'leave nginx --context S --primary P --min-healthy 9 --yes',
  'leave nginx --context S --primary P --dry-run --yes',
  'leave nginx --context P --yes',
  'enroll nginx --context S --primary P --yes',
  'enroll nginx --context P --primary S --yes',
  'replace nginx --old S --new P --dry-run --yes',
  'replace nginx --old P --new S --dry-run --yes --no-record',
  'handover nginx --old P --new S --dry-run --yes',
  'handover nginx --old S --new P --dry-run --yes',
  'handover nginx --old P --new nobody --context S --dry-run --yes',
];

/** The same by the document that was written of both. */
const byDocument = [
  'join nginx --context S --from - --max-age 24h --yes',
  'verify nginx --context S --from - --max-age 24h',
  'leave nginx --context S --from - --dry-run --yes',
];

interface Told {
  readonly code: string;
  readonly about?: { readonly cluster?: string };
}
interface Document {
  readonly problems?: readonly Told[];
  readonly cautions?: readonly Told[];
  readonly verdict?: { readonly ports: readonly { readonly members: readonly Row[] }[] };
}
interface Row {
  readonly cluster: string;
  readonly role: string;
  readonly state: string;
}

/** A kubeconfig of the stage's two clusters under these names, and nothing else. */
function kubeconfigOf({ sandbox }: Stage, names: Names): string {
  const { contexts, ...rest } = load(readFileSync(sandbox.env['KUBECONFIG'] ?? '', 'utf8')) as {
    contexts: { name: string; context: object }[];
  };
  const renamed = Object.entries(names).map(([name, cluster]) => ({
    name,
    context: contexts.find((one) => one.name === cluster)?.context,
  }));
  const file = join(sandbox.dir, `config-${Object.keys(names).join('-')}`);
  writeFileSync(file, dump({ ...rest, contexts: renamed, 'current-context': renamed[0]?.name }));
  return file;
}

const nameOf = (names: Names, cluster: string): string =>
  Object.keys(names).find((name) => names[name] === cluster) ?? '';

/** Types a line with these names: its exit code, and what it says, in the honest ones. */
async function answerTo(stage: Stage, line: string, names: Names, o: RunOptions = {}) {
  const P = nameOf(names, PRI);
  const S = nameOf(names, SEC);
  const typed = line.replaceAll(/\b[PS]\b/g, (letter) => (letter === 'P' ? P : S));
  const env = { KUBECONFIG: kubeconfigOf(stage, names) };
  const from = stage.world.journal.entries.length;
  const { code, stdout } = await runNlbmc(stage.sandbox, `${typed} -o json`, {
    ...o,
    env,
  });
  const { problems = [], cautions = [], verdict } = JSON.parse(stdout) as Document;
  const honest = (cluster: string | undefined) => cluster && (names[cluster] ?? cluster);
  return {
    line,
    code,
    problems: problems.map((one) => [one.code, honest(one.about?.cluster)]),
    cautions: cautions.map((one) => [one.code, honest(one.about?.cluster)]),
    rows: verdict?.ports.flatMap(({ members }) =>
      members.map(({ cluster, role, state }) => [honest(cluster), role, state]),
    ),
    writes: stage.requests(from).filter(({ mutating, status }) => mutating && status < 300).length,
  };
}

const honestNames: Names = { [PRI]: PRI, [SEC]: SEC };

/** The same two clusters, called otherwise. */
const misnamed: readonly (readonly [string, Names])[] = [
  ['by names of nobody', { blue: PRI, green: SEC }],
  ["each by the other's name", { [SEC]: PRI, [PRI]: SEC }],
  ["the secondary by the primary's name", { [PRI]: SEC, home: PRI }],
  ["the primary by the secondary's name", { [SEC]: PRI, away: SEC }],
];

const namespace: Partial<FaultRule> = { match: /\/namespaces\/kube-system$/ };
const askedService: Partial<FaultRule> = { match: /^GET .*\/services\/nginx$/ };
const refused = (
  rule: Partial<FaultRule>,
  clusters: readonly string[] = [PRI, SEC],
): readonly FaultRule[] =>
  clusters.map((cluster) => ({ world: 'kube', cluster, kind: 'status', status: 403, ...rule }));

/** Does `act` while these faults are there. */
async function during<T>({ world }: Stage, rules: readonly FaultRule[], act: () => Promise<T>) {
  const takeBack = rules.map((rule) => world.faults.add(rule));
  const result = await act();
  takeBack.forEach((undo) => undo());
  return result;
}

/** One cluster under two contexts. */
const twice: readonly (readonly [string, Names, number])[] = [
  ['verify nginx --context P,S,twin', { [PRI]: PRI, [SEC]: SEC, twin: SEC }, 3],
  ['verify nginx --context P,twin', { [PRI]: PRI, twin: PRI }, 3],
  ['repair nginx --context P,S,twin --yes', { [PRI]: PRI, [SEC]: SEC, twin: SEC }, 5],
  ['purge nginx --context P,S,twin --yes', { [PRI]: PRI, [SEC]: SEC, twin: SEC }, 5],
  ['disable nginx --context P,twin --yes', { [PRI]: PRI, twin: PRI }, 5],
  ['disable nginx --context P,S,twin --yes', { [PRI]: PRI, [SEC]: SEC, twin: SEC }, 5],
  ['disable nginx --context P,twin --exclusive --yes', { [PRI]: PRI, twin: PRI }, 5],
  ['show nginx --context P,twin', { [PRI]: PRI, twin: PRI }, 3],
  ['join nginx --context twin --primary P --yes', { [PRI]: PRI, twin: PRI }, 5],
  ['leave nginx --context twin --primary P --yes', { [PRI]: PRI, twin: PRI }, 5],
  ['enroll nginx --context twin --primary P --yes', { [PRI]: PRI, twin: PRI }, 5],
  ['leave nginx --context S,twin --primary P --yes', { [PRI]: PRI, [SEC]: SEC, twin: SEC }, 5],
  [
    'replace nginx --old S --new twin --primary P --yes --no-record',
    { [PRI]: PRI, [SEC]: SEC, twin: SEC },
    5,
  ],
  [
    'replace nginx --old S --new twin --primary P --yes --no-record',
    { [PRI]: PRI, [SEC]: SEC, twin: PRI },
    5,
  ],
  ['handover nginx --old P --new twin --yes', { [PRI]: PRI, twin: PRI }, 5],
  ['handover nginx --old P --new S --context twin --yes', { [PRI]: PRI, [SEC]: SEC, twin: SEC }, 5],
  ['handover nginx --old P --new nobody --context twin --yes', { [PRI]: PRI, twin: PRI }, 5],
  ['replace nginx --old P --new twin --yes --no-record', { [PRI]: PRI, twin: PRI }, 5],
  // Who has joined already is done, and the other name of it takes no part.
  ['enroll nginx --context S,twin --primary P --yes', { [PRI]: PRI, [SEC]: SEC, twin: SEC }, 7],
  ['join nginx --context S,twin --primary P --yes', { [PRI]: PRI, [SEC]: SEC, twin: SEC }, 7],
];

describe('law 11: identity is proven, never named', () => {
  test('what contexts are called changes no answer of any command', () =>
    onStage('joined', async (stage) => {
      const honest = [];
      for (const line of lines) honest.push(await answerTo(stage, line, honestNames));
      // The commands are in good order here: each of them says something, and none writes.
      expect(new Set(honest.map(({ code }) => code))).toEqual(new Set([0, 3, 5]));
      expect(honest.filter(({ writes }) => writes > 0)).toEqual([]);
      for (const [how, names] of misnamed) {
        for (const [n, line] of lines.entries()) {
          expect([how, await answerTo(stage, line, names)]).toEqual([how, honest[n]]);
        }
      }
    }));

  test('one cluster under two contexts is refused by every command', () =>
    onStage('joined', async (stage) => {
      // By the UID of kube-system, and where nobody may read that, by the Service's.
      for (const rules of [[], refused(namespace)]) {
        for (const [line, names, exit] of twice) {
          const { code, problems, writes } = await during(stage, rules, () =>
            answerTo(stage, line, names),
          );
          const found = problems.some(([one]) => one === 'same-cluster');
          expect([line, rules.length, code, writes, found]).toEqual([
            line,
            rules.length,
            exit,
            0,
            true,
          ]);
        }
      }
    }));

  test('by a document, too, which has clusters by the names that they had then', () =>
    onStage('joined', async (stage) => {
      const show = `show nginx --context ${PRI},${SEC} -o yaml`;
      const input = (await runNlbmc(stage.sandbox, show)).stdout;
      const said = async (line: string, names: Names) => {
        const { code, problems, cautions, writes } = await answerTo(stage, line, names, { input });
        const codes = (all: typeof problems) => all.map(([one]) => one);
        return { line, code, writes, problems: codes(problems), cautions: codes(cautions) };
      };
      for (const line of byDocument) {
        const honest = await said(line, honestNames);
        expect(honest).toMatchObject({ code: 0, writes: 0 });
        for (const [how, names] of misnamed) {
          expect([how, await said(line, names)]).toEqual([how, honest]);
        }
      }
      const twin = await said('join nginx --context twin --from - --yes', { twin: PRI });
      expect(twin).toMatchObject({ code: 5, writes: 0, problems: ['same-cluster'] });
    }));

  test('kube-system may not be read: two clusters are two by their Services, one unread Service is unknown', () =>
    onStage('joined', async (stage) => {
      const join = 'join nginx --context S --primary P --yes';
      const withoutUid = await during(stage, refused(namespace), () =>
        answerTo(stage, join, honestNames),
      );
      expect([withoutUid.code, withoutUid.problems]).toEqual([0, []]);
      const blind = await during(stage, [...refused(namespace), ...refused(askedService)], () =>
        answerTo(stage, join, honestNames),
      );
      expect([blind.code, blind.writes]).toEqual([8, 0]);
      expect(blind.problems.map(([code]) => code)).not.toContain('same-cluster');
    }));

  test('kube-system may not be read, and the Service is in one of them only: two', () =>
    onStage('enabled', async (stage) => {
      const { kube } = stage.world.cluster(SEC);
      kube.delete('services', 'default', 'nginx', {
        actor: 'person',
        manager: 'kubectl',
        internal: true,
      });
      const { problems } = await during(stage, refused(namespace), () =>
        answerTo(stage, 'join nginx --context S --primary P --yes', honestNames),
      );
      expect(problems.map(([code]) => code)).toEqual(['service-missing']);
    }));

  test('going by names is found out', async () => {
    const program = await loadProgram({
      module: 'core/observed/same-cluster.ts',
      exports: ({ sameCluster }) => ({
        sameness: (a: ClusterView, b: ClusterView) =>
          a.context === b.context ? 'same' : 'different',
        sameCluster: (a: ClusterView, b: ClusterView) =>
          a.context === b.context
            ? (sameCluster as (...all: unknown[]) => unknown)(a, b)
            : undefined,
        undistinguished: () => [],
      }),
    });
    await onStage('joined', async (stage) => {
      for (const [line, names, exit] of twice) {
        const { code, problems } = await answerTo(stage, line, names, { program });
        const found = problems.some(([one]) => one === 'same-cluster');
        expect([line, code === exit && found]).toEqual([line, false]);
      }
    });
  });
});
