import { createHash } from 'node:crypto';
import type { JournalEntry } from '../../src/sandbox/requests/journal.ts';
import { VirtualClock } from '../../src/sandbox/time/clock.ts';
import { createAll } from '../../src/sandbox/scenarios/apply.ts';
import { deployment, plainService } from '../../src/sandbox/scenarios/objects.ts';
import type { Scenario, ScenarioName } from '../../src/sandbox/scenarios/scenarios.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';
import type { World } from '../../src/sandbox/world.ts';
import { type Outcome, runNlbmc } from '../commands/harness.ts';
import { worldInProcess } from '../commands/in-process.ts';
import { randomFrom } from '../random.ts';
import { type Recording, recorded, replay } from './recorded.ts';

export const PRI = 'pri-eks-clu1';
export const SEC = 'sec-eks-clu1';
export const ENABLE = `enable nginx --context ${PRI}`;
export const JOIN = `join nginx --context ${SEC} --primary ${PRI}`;
export const VERIFY = `verify nginx --context ${PRI},${SEC}`;

/** The clusters of the scenario in which no cluster owns the load balancer. */
export const PEER = 'eks-clu1';
export const OTHER = 'eks-clu2';
/** The first member of that load balancer, and the next one. */
export const JOIN_BALANCER = `join web --context ${PEER} --load-balancer shared`;
export const JOIN_PEER = `join web --context ${OTHER} --primary ${PEER}`;
export const VERIFY_PEERS = `verify web --context ${PEER},${OTHER}`;

/** How far the enrollment has come before the test begins. */
export type Progress = 'deployed' | 'enabled' | 'joined';

/** A practice world on a clock of the test's own, and nlbmc in it. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly world: World;
  readonly nlbmc: (line: string) => Promise<Outcome>;
  /** What arrived over HTTP since the stage was set, or since `from` entries. */
  readonly requests: (from?: number) => JournalEntry[];
  readonly stop: () => Promise<void>;
}

/** How a stage is set, beside how far it has come. */
export interface StageOptions {
  readonly scenario?: ScenarioName | undefined;
  /** Which controllers the clusters have, instead of the scenario's. */
  readonly controllers?: Scenario['controllers'] | undefined;
  /** How the open-source controllers are installed, instead of as the scenario does it. */
  readonly installed?: SandboxOptions['installed'] | undefined;
  /** The API servers speak TLS, as real ones do: for texts that show their addresses. */
  readonly tls?: boolean;
  /** The clusters, the one that owns the load balancer first, instead of the scenario's. */
  readonly clusters?: readonly string[];
  /** The commands run, also where it is known what they write. */
  readonly afresh?: boolean;
}

/** How stages were set before: the next one is set with the same writes, without the commands. */
const enrolled = new Map<string, Recording & { readonly input: string }>();

/** The names and UIDs of a stage are the same each time. */
const sameEachTime = (cluster: string): (() => number) =>
  randomFrom(createHash('sha256').update(cluster).digest().readUInt32BE());

/** Runs the commands that bring the enrollment there. */
async function bringTo(
  sandbox: Sandbox,
  progress: Exclude<Progress, 'deployed'>,
  scenario: ScenarioName,
): Promise<void> {
  const { world } = sandbox;
  const yes = (line: string): string => (scenario === 'auto-mode' ? `${line} --yes` : line);
  const [first, next] = (scenario === 'no-owner' ? [JOIN_BALANCER, JOIN_PEER] : [ENABLE, JOIN]).map(
    yes,
  ) as [string, string];
  for (const line of { enabled: [first], joined: [first, next] }[progress]) {
    // What was asked for is there at the second look: how it comes about is for other tests.
    const onSleep = (): void => world.settle();
    const { code, stderr, stdout } = await runNlbmc(sandbox, line, { onSleep });
    if (code !== 0) throw new Error(`${line} ended with ${code}:\n${stdout}\n${stderr}`);
    world.settle();
  }
}

/** Sets a stage: the app runs in both clusters, and the enrollment is as far as `progress` says. */
export async function setStage(
  progress: Progress,
  {
    scenario = 'walkthrough',
    controllers,
    installed,
    tls = false,
    clusters,
    afresh = false,
  }: StageOptions = {},
): Promise<Stage> {
  const clock = new VirtualClock();
  const sandbox = await startSandbox({
    scenario,
    clock,
    plainHttp: !tls,
    randomOf: sameEachTime,
    ...(controllers ? { controllers } : {}),
    ...(installed ? { installed } : {}),
    ...(clusters ? { clusters } : {}),
  });
  worldInProcess(sandbox);
  const { world } = sandbox;
  // What `show` wrote when the stage was set is what `--from -` reads.
  let input = '';
  const nlbmc = (line: string): Promise<Outcome> => runNlbmc(sandbox, line, { input });
  const stage: Stage = {
    sandbox,
    world,
    nlbmc,
    requests: (from = start) =>
      world.journal.entries.slice(from).filter((entry) => entry.source === 'http'),
    stop: () => sandbox.stop(),
  };
  let start = 0;
  try {
    if (scenario === 'walkthrough') {
      for (const { kube } of world.secondaries)
        createAll(kube, deployment(2), plainService('ClusterIP'));
      world.settle();
    }
    // EKS Auto Mode is a question, and registers in other clusters' groups with a policy only.
    if (progress === 'joined')
      for (const one of world.clusters.values()) one.autoMode?.attachPolicy();
    if (progress !== 'deployed') {
      const key = controllers || installed ? undefined : [progress, scenario, tls, clusters].join();
      const known = key !== undefined && !afresh ? enrolled.get(key) : undefined;
      if (known) {
        await replay(sandbox, known);
        ({ input } = known);
      } else {
        const recording = await recorded(sandbox, () => bringTo(sandbox, progress, scenario));
        if (progress === 'enabled' && scenario !== 'no-owner')
          input = (await runNlbmc(sandbox, `${SHOW_OWNER} -o yaml`)).stdout;
        if (key !== undefined) enrolled.set(key, { ...recording, input });
      }
    }
    start = world.journal.entries.length;
    return stage;
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}

/** Sets a stage for `act` and takes it down again whatever happens. */
export async function onStage<T>(
  progress: Progress,
  act: (stage: Stage) => Promise<T>,
  scenario?: ScenarioName,
  tls = false,
): Promise<T> {
  const stage = await setStage(progress, { scenario, tls });
  try {
    return await act(stage);
  } finally {
    await stage.stop();
  }
}

/** The same with API servers that speak TLS: for texts that show their addresses. */
export const onTlsStage: typeof onStage = (progress, act, scenario) =>
  onStage(progress, act, scenario, true);

/**
 * Does `act` with each of the items, on one stage for as long as nothing is written there: what was
 * only read leaves it as it was for the next one.
 */
export async function onStages<T>(
  o: { readonly before: Progress; readonly scenario?: ScenarioName | undefined },
  items: readonly T[],
  act: (stage: Stage, item: T, from: number) => Promise<void>,
  arrange: (stage: Stage) => void = () => undefined,
): Promise<void> {
  const left = [...items];
  const play = async (stage: Stage): Promise<void> => {
    arrange(stage);
    for (let wrote = false; !wrote && left.length > 0;) {
      const from = stage.world.journal.entries.length;
      await act(stage, left.shift() as T, from);
      wrote = stage.requests(from).some(({ mutating, status }) => mutating && status < 300);
    }
  };
  while (left.length > 0) await onStage(o.before, play, o.scenario);
}

/** The document that the owner's side writes of a stage that is `enabled`. */
const SHOW_OWNER = `show nginx --context ${PRI}`;
/** A join without a connection to the owner, by that document: `--from -` reads it. */
export const JOIN_FROM = `join nginx --context ${SEC} --from - --max-age 24h --yes`;

/** The same commands as `changing`, where a document takes the place of a cluster. */
export const changingByDocument = [
  { name: 'join by a document', line: JOIN_FROM, before: 'enabled' },
] as const satisfies readonly { name: string; line: string; before: Progress }[];

/** One command line, and what has to be there for it. */
export const changing = [
  { name: 'enable', line: ENABLE, before: 'deployed' },
  { name: 'join', line: JOIN, before: 'enabled' },
] as const satisfies readonly { name: string; line: string; before: Progress }[];

/** The same where no cluster owns the load balancer. */
export const changingPeers = [
  { name: 'join by load balancer', line: JOIN_BALANCER, before: 'deployed', scenario: 'no-owner' },
  { name: 'join beside a member', line: JOIN_PEER, before: 'enabled', scenario: 'no-owner' },
] as const satisfies readonly {
  name: string;
  line: string;
  before: Progress;
  scenario: ScenarioName;
}[];

/** A request as it can be told apart from others: verb and path without varying parts, or the action. */
export const nameOf = (entry: JournalEntry): string =>
  entry.world === 'aws' ? (entry.action ?? '') : `${entry.cluster} ${entry.verb} ${entry.path}`;
