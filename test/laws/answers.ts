import { type RunOptions, runNlbmc } from '../commands/harness.ts';
import { PRI, SEC, type Stage } from './stage.ts';

/** Every command where two clusters are enrolled: no line writes, and none waits. */
export const lines = {
  verify: `verify nginx --context ${PRI},${SEC}`,
  show: `show nginx --context ${PRI},${SEC}`,
  enable: `enable nginx --context ${PRI} --dry-run --yes`,
  join: `join nginx --context ${SEC} --primary ${PRI} --dry-run --yes`,
  leave: `leave nginx --context ${SEC} --primary ${PRI} --dry-run --yes`,
  repair: `repair nginx --context ${PRI},${SEC} --dry-run --yes`,
  purge: `purge nginx --context ${PRI},${SEC} --dry-run --yes`,
  disable: `disable nginx --context ${PRI},${SEC} --dry-run --yes`,
} as const;
export type Command = keyof typeof lines;
const commands = Object.keys(lines) as readonly Command[];

/** What a command ends with: its exit code, and the codes of its problems. */
export type Ends = Readonly<Partial<Record<Command, string>>>;

/** Where every answer is as usual. */
export const usual: Required<Ends> = {
  verify: '0',
  show: '0',
  enable: '0',
  join: '0',
  leave: '0',
  repair: '0',
  purge: '0',
  disable: '5 cluster-enrolled',
};

/** An answer of AWS as the API spells it, before it is sent. */
interface Answer {
  readonly TargetGroups: Record<string, unknown>[];
  readonly LoadBalancers: Record<string, unknown>[];
  readonly TargetHealthDescriptions: { TargetHealth?: Record<string, unknown> }[];
  readonly Attributes: unknown[];
}

const codesOf = (list: readonly { readonly code: string }[] = []): readonly string[] =>
  [...new Set(list.map(({ code }) => code))].toSorted();

interface Document {
  readonly problems?: readonly { readonly code: string }[];
  readonly skips?: readonly { readonly code: string }[];
  readonly cautions?: readonly { readonly code: string }[];
}

/** Types a line: its exit code with the codes of its problems, what it says besides, what it wrote. */
export async function answerTo(
  { sandbox, requests, world }: Stage,
  line: string,
  o: RunOptions = {},
) {
  const from = world.journal.entries.length;
  const typed = `${line} -o json`;
  const { code, stdout } = await runNlbmc(sandbox, typed, { ...o });
  const { problems, skips = [], cautions = [] } = JSON.parse(stdout) as Document;
  return {
    end: [code, ...codesOf(problems)].join(' '),
    aside: codesOf([...skips, ...cautions]),
    writes: requests(from).filter(({ mutating, dryRun }) => mutating && !dryRun).length,
  };
}

/** Types all lines and gives what ends otherwise than usual; nothing may be written. */
export async function othersThanUsual(
  stage: Stage,
  o: RunOptions = {},
  typed: Readonly<Partial<Record<Command, string>>> = lines,
): Promise<Ends> {
  const ends: Partial<Record<Command, string>> = {};
  for (const command of commands) {
    const line = typed[command];
    if (line === undefined) continue;
    const { end, writes } = await answerTo(stage, line, o);
    if (writes > 0) throw new Error(`${command} wrote`);
    if (end !== usual[command]) ends[command] = end;
  }
  return ends;
}

export type Disturb = (stage: Stage) => () => void;

/** AWS answers that action otherwise. */
export const answering =
  (action: string, edit: (answer: Answer) => unknown): Disturb =>
  ({ world: { aws } }) => {
    const perform = aws.perform.bind(aws);
    aws.perform = (asked, ...rest) => {
      const answer = perform(asked, ...rest);
      if (asked === action) edit(answer as Answer);
      return answer;
    };
    return () => void (aws.perform = perform);
  };

/** A cluster answers that it has nothing of a kind. */
export const without =
  (cluster: string, key: string): Disturb =>
  ({ world }) => {
    const { kube } = world.cluster(cluster);
    const get = kube.get.bind(kube);
    const list = kube.store.list.bind(kube.store);
    kube.get = (...asked) => (asked[0] === key ? undefined : get(...asked));
    kube.store.list = (...asked) => (asked[0] === key ? [] : list(...asked));
    return () => {
      kube.get = get;
      kube.store.list = list;
    };
  };

export const BINDINGS = 'targetgroupbindings.elbv2.k8s.aws';

export const ofHealth = (edit: (health: Record<string, unknown>, n: number) => unknown): Disturb =>
  answering('elbv2.DescribeTargetHealth', ({ TargetHealthDescriptions: all }) =>
    all.forEach(({ TargetHealth = {} }, n) => edit(TargetHealth, n)),
  );
export const ofGroups = (edit: (group: Record<string, unknown>) => unknown): Disturb =>
  answering('elbv2.DescribeTargetGroups', ({ TargetGroups }) => TargetGroups.forEach(edit));
export const ofBalancers = (edit: (balancer: Record<string, unknown>) => unknown): Disturb =>
  answering('elbv2.DescribeLoadBalancers', ({ LoadBalancers }) => LoadBalancers.forEach(edit));

/** With credentials of that account, as STS tells. */
export const inAccount =
  (account: string, disturb: Disturb): Disturb =>
  (stage) => {
    const ends = [
      answering('sts.GetCallerIdentity', (answer) => Object.assign(answer, { Account: account })),
      disturb,
    ].map((one) => one(stage));
    return () => ends.toReversed().forEach((end) => end());
  };
