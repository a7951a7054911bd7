import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import { runNlbmc } from '../commands/harness.ts';
import {
  answering,
  answerTo,
  BINDINGS,
  type Disturb,
  ofGroups,
  ofHealth,
  without,
} from './answers.ts';
import { onStage, OTHER, PEER, type Stage } from './stage.ts';

const played = <T>(act: (stage: Stage) => Promise<T>): Promise<T> =>
  onStage('joined', act, 'no-owner');

/** Every command where two clusters share a load balancer that no cluster owns: no line writes. */
const lines = {
  verify: `verify web --context ${PEER},${OTHER}`,
  balancer: `verify --load-balancer shared --context ${PEER},${OTHER}`,
  show: `show web --context ${PEER},${OTHER}`,
  enable: `enable web --context ${PEER} --dry-run --yes`,
  join: `join web --context ${OTHER} --primary ${PEER} --dry-run --yes`,
  first: `join web --context ${PEER} --load-balancer shared --dry-run --yes`,
  leave: `leave web --context ${OTHER} --primary ${PEER} --dry-run --yes`,
  repair: `repair web --context ${PEER},${OTHER} --dry-run --yes`,
  purge: `purge web --context ${PEER},${OTHER} --dry-run --yes`,
  disable: `disable web --context ${PEER},${OTHER} --dry-run --yes`,
} as const;
type Line = keyof typeof lines;
type Ends = Readonly<Partial<Record<Line, string>>>;

const usual: Required<Ends> = {
  verify: '0',
  balancer: '0',
  show: '0',
  enable: '0',
  join: '0',
  first: '0',
  leave: '0',
  repair: '0',
  purge: '0',
  disable: '5 cluster-enrolled',
};

/** Tags that a controller of another cluster would have left on the target groups. */
const tagged: Disturb = answering('elbv2.DescribeTags', (answer) => {
  const Tags = [
    { Key: 'elbv2.k8s.aws/cluster', Value: 'elsewhere' },
    { Key: 'service.k8s.aws/stack', Value: 'shop/web' },
  ];
  const { TagDescriptions } = answer as unknown as { TagDescriptions: Record<string, unknown>[] };
  for (const one of TagDescriptions) one['Tags'] = Tags;
});

/** What is answered, and what of it ends otherwise than usual. */
const answers: readonly (readonly [string, Disturb, Ends])[] = [
  [
    'no target group',
    answering('elbv2.DescribeTargetGroups', (answer) =>
      Object.assign(answer, { TargetGroups: [] }),
    ),
    {
      verify: '3 binding-stale',
      balancer: '3 binding-stale',
      show: '3',
      enable: '5 binding-stale',
      join: '5 binding-stale',
      first: '5 binding-stale',
      repair: '5 binding-stale',
      purge: '5 binding-stale',
      disable: '5 binding-stale',
    },
  ],
  [
    'no listener',
    answering('elbv2.DescribeListeners', (answer) => Object.assign(answer, { Listeners: [] })),
    {
      verify: '3 listener-missing',
      balancer: '2 listener-missing',
      first: '2 listener-missing',
      repair: '5 listener-missing',
    },
  ],
  [
    'no binding in the first cluster',
    without(PEER, BINDINGS),
    {
      verify: '3 member-missing target-unclaimed',
      balancer: '3 member-missing target-unclaimed',
      enable: '5 service-not-lbc',
      join: '5 service-not-lbc',
      first: '5 leftover-tracked-targets',
      leave: '5 bindings-missing',
      repair: '5 leftover-tracked-targets member-missing target-unclaimed',
      purge: '5 target-serving',
      disable: '5 service-not-lbc',
    },
  ],
  [
    'no binding in the second cluster',
    without(OTHER, BINDINGS),
    {
      verify: '3 member-missing target-unclaimed',
      balancer: '3 member-missing target-unclaimed',
      join: '5 leftover-tracked-targets',
      repair: '5 leftover-tracked-targets member-missing target-unclaimed',
      purge: '5 target-serving',
      disable: '5 targets-of-others',
    },
  ],
  [
    'no record in the second cluster',
    without(OTHER, 'configmaps'),
    {
      verify: '3 endpoint-untracked',
      balancer: '3 endpoint-untracked',
      leave: '5 targets-would-leak',
      repair: '5 endpoint-untracked',
    },
  ],
  [
    'no Service in the second cluster',
    without(OTHER, 'services'),
    {
      verify: '3 controller-stalled no-endpoints service-missing',
      balancer: '3 controller-stalled no-endpoints service-missing',
      join: '5 service-missing',
      repair: '5 controller-stalled no-endpoints service-missing',
    },
  ],
  [
    'no slice in the second cluster',
    without(OTHER, 'endpointslices.discovery.k8s.io'),
    {
      verify: '3 no-endpoints target-converging',
      balancer: '3 no-endpoints target-converging',
      repair: '0 no-endpoints',
    },
  ],
  [
    'tags of a cluster that was not listed',
    tagged,
    {
      verify: '3 owner-unlisted',
      balancer: '3 owner-unlisted',
      enable: '5 owner-elsewhere',
      repair: '5 owner-unlisted',
      purge: '5 owner-unlisted',
      disable: '5 owner-elsewhere',
    },
  ],
  [
    'a target type that nlbmc does not know',
    ofGroups((one) => (one['TargetType'] = 'mainframe')),
    {
      verify: '3 type-unsupported',
      balancer: '3 type-unsupported',
      enable: '5 type-unsupported',
      join: '5 type-unsupported',
      first: '5 type-unsupported',
      repair: '5 type-unsupported',
    },
  ],
  [
    'a protocol that nlbmc does not know',
    ofGroups((one) => (one['Protocol'] = 'SCTP')),
    {
      verify: '3 protocol-unsupported',
      balancer: '3 protocol-unsupported',
      enable: '5 protocol-unsupported',
      join: '5 protocol-unsupported',
      first: '5 protocol-unsupported',
      repair: '5 protocol-unsupported',
    },
  ],
  [
    'a state that nlbmc does not know',
    ofHealth((one) => (one['State'] = 'quiescent')),
    {
      verify: '3 below-minimum target-unhealthy',
      balancer: '3 below-minimum target-unhealthy',
      leave: '5 below-floor',
      repair: '5 target-unhealthy',
    },
  ],
];

async function othersThanUsual(stage: Stage): Promise<Ends> {
  const ends: Partial<Record<Line, string>> = {};
  for (const [name, line] of Object.entries(lines) as [Line, string][]) {
    const { end, writes } = await answerTo(stage, line);
    if (writes > 0) throw new Error(`${name} wrote`);
    if (end !== usual[name]) ends[name] = end;
  }
  return ends;
}

test('law 12: an empty answer is a fact, and a value that nlbmc does not know is not healthy', () =>
  played(async (stage) => {
    expect(await othersThanUsual(stage)).toEqual({});
    const found: [string, Ends][] = [];
    for (const [name, disturb] of answers) {
      const end = disturb(stage);
      found.push([name, await othersThanUsual(stage)]);
      end();
    }
    expect(found).toEqual(answers.map(([name, , ends]) => [name, ends]));
  }));

/** A kubeconfig in which both names lead to the first cluster. */
function twice({ sandbox }: Stage): string {
  const { contexts, ...rest } = load(readFileSync(sandbox.env['KUBECONFIG'] ?? '', 'utf8')) as {
    contexts: { name: string; context: object }[];
  };
  const first = contexts.find(({ name }) => name === PEER)?.context;
  const named = [PEER, OTHER].map((name) => ({ name, context: first }));
  const file = join(sandbox.dir, 'config-twice');
  writeFileSync(file, dump({ ...rest, contexts: named, 'current-context': PEER }));
  return file;
}

test('law 11: two contexts that lead to one cluster are one, whatever they are called', () =>
  played(async (stage) => {
    const env = { KUBECONFIG: twice(stage) };
    for (const line of [
      lines.verify,
      lines.balancer,
      lines.join,
      lines.leave,
      lines.repair,
      lines.purge,
      lines.disable,
    ]) {
      const { code, stdout } = await runNlbmc(stage.sandbox, `${line} -o json`, {
        env,
      });
      const { problems } = JSON.parse(stdout) as { problems: readonly { code: string }[] };
      const codes = problems.map((problem) => problem.code);
      expect([line, code, codes.includes('same-cluster')]).toEqual([
        line,
        line.startsWith('verify') ? 3 : 5,
        true,
      ]);
    }
  }));
