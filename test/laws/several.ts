import type { ScenarioName } from '../../src/sandbox/scenarios/scenarios.ts';
import type { World } from '../../src/sandbox/world.ts';
import { runNlbmc } from '../commands/harness.ts';
import { ENABLE, PRI, setStage, type Stage } from './stage.ts';

/** A command about several clusters, and what has been typed before it. */
export interface Several {
  readonly name: string;
  readonly line: string;
  readonly earlier: readonly string[];
  readonly scenario?: ScenarioName;
  /** The clusters of which `show` writes the document that `--from -` reads. */
  readonly document?: string;
  /** Clusters whose targets have to serve when it has ended, and those whose targets leave. */
  readonly stay: readonly string[];
  readonly leave: readonly string[];
}

export const ENROLL = `enroll nginx --primary ${PRI} --context a,b --yes`;
const ENROLL_ONE = `enroll nginx --primary ${PRI} --context a --yes`;
export const REPLACE = `replace nginx --old a --new b --primary ${PRI} --yes --no-record`;
const ENROLL_PEERS = 'enroll web --load-balancer shared --context eks-clu1,eks-clu2 --yes';

export const ways = {
  enroll: { name: 'enroll', line: ENROLL, earlier: [], stay: [PRI, 'a', 'b'], leave: [] },
  enrollPeers: {
    name: 'enroll where no cluster owns the load balancer',
    line: ENROLL_PEERS,
    earlier: [],
    scenario: 'no-owner',
    stay: ['eks-clu1', 'eks-clu2'],
    leave: [],
  },
  join: {
    name: 'join of several clusters',
    line: `join nginx --context a,b --primary ${PRI} --yes`,
    earlier: [ENABLE],
    stay: [PRI, 'a', 'b'],
    leave: [],
  },
  joinByDocument: {
    name: 'join of several clusters by a document',
    line: 'join nginx --context a,b --from - --max-age 24h --yes',
    earlier: [ENABLE],
    document: PRI,
    stay: [PRI, 'a', 'b'],
    leave: [],
  },
  leaveByDocument: {
    name: 'leave of several clusters by a document',
    line: 'leave nginx --context a,b --from - --yes',
    earlier: [ENROLL],
    document: `${PRI},a,b`,
    stay: [PRI],
    leave: ['a', 'b'],
  },
  leave: {
    name: 'leave of several clusters',
    line: `leave nginx --context a,b --primary ${PRI} --yes`,
    earlier: [ENROLL],
    stay: [PRI],
    leave: ['a', 'b'],
  },
  replace: {
    name: 'replace',
    line: REPLACE,
    earlier: [ENROLL_ONE],
    stay: [PRI, 'b'],
    leave: ['a'],
  },
  replaceInSteps: {
    name: 'replace of two clusters',
    line: `replace nginx --old a,b --new c,d --primary ${PRI} --yes --no-record`,
    earlier: [ENROLL],
    stay: [PRI, 'c', 'd'],
    leave: ['a', 'b'],
  },
  replacePeers: {
    name: 'replace where no cluster owns the load balancer',
    line: 'replace web --old eks-clu1 --new eks-clu3 --context eks-clu2 --yes --no-record',
    earlier: [ENROLL_PEERS],
    scenario: 'no-owner',
    stay: ['eks-clu2', 'eks-clu3'],
    leave: ['eks-clu1'],
  },
} as const satisfies Readonly<Record<string, Several>>;

/** The clusters of a stage on which these are played; the app runs in each. */
const clustersOf = ({ line, earlier, scenario }: Several): readonly string[] | undefined =>
  scenario === 'no-owner'
    ? undefined
    : [PRI, 'a', 'b', 'c', 'd'].filter((name) =>
        [ENABLE, line, ...earlier].some((typed) => new RegExp(`[ ,]${name}\\b`).test(typed)),
      );

/** What was asked for is there at the second look: how it comes about is for other tests. */
export const settling = (world: World) => ({ onSleep: () => world.settle() });

/** A stage, and the document that `--from -` reads there. */
export interface SeveralStage extends Stage {
  readonly document: string;
}

/** Types a line on a world that is at rest at its second look. */
export const type = ({ sandbox, world, document }: SeveralStage, line: string) =>
  runNlbmc(sandbox, line, { ...settling(world), input: document });

/** Sets the stage for `act`: what came before has been typed, and all is at rest. `from`: an entry of the journal. */
export async function onSeveral<T>(
  way: Several,
  act: (stage: SeveralStage, from: number) => Promise<T>,
): Promise<T> {
  const clusters = clustersOf(way);
  const stage = await setStage('deployed', {
    scenario: way.scenario,
    ...(clusters ? { clusters } : {}),
  });
  try {
    for (const line of way.earlier) {
      const { code, stdout } = await runNlbmc(stage.sandbox, line, settling(stage.world));
      if (code !== 0) throw new Error(`${line} ended with ${code}:\n${stdout}`);
      stage.world.settle();
    }
    const show = `show nginx --context ${way.document} -o yaml`;
    const document = way.document ? (await runNlbmc(stage.sandbox, show)).stdout : '';
    return await act({ ...stage, document }, stage.world.journal.entries.length);
  } finally {
    await stage.stop();
  }
}
