/** @shared Modules of nlbmc are replaced by hooks of Node. */
import { fullSize } from '../full-size.ts';
import { endState, shape } from './end-state.ts';
import type { Scene } from './interleave/scene.ts';
import { type Played, prepare, REST_MS, type Story, type, programOfRuns } from './killed-run.ts';

interface Handover extends Story {
  /** What is done to the world before it. */
  readonly damage?: (scene: Scene) => void;
  /** Typed after every second kill, instead of the same line: whoever owned it before owns it again. */
  readonly back?: string;
  /** The cluster that leaves at the end: its controller deregisters its own targets. */
  readonly leaves?: string;
  /** In CI the process is killed around each of so many writes; absent: around each one. */
  readonly every?: number;
}

const ENROLL = 'enroll nginx --primary pri --context sec --yes';
const FORWARD = 'handover nginx --old pri --new sec --yes';
const NOBODY = 'handover nginx --old pri --new nobody --context sec --yes';
const REPLACE = 'replace nginx --old pri --new sec --yes --no-record';
const person = { actor: 'person', manager: 'kubectl', internal: true };

/** What only the Service of the lost cluster said of health checks, a person says in the other one. */
const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-healthcheck-';
const settings = ['healthy-threshold', 'unhealthy-threshold'].map((name) => [PREFIX + name, '2']);

/** Its pods and its controller are gone; its instances are still there. */
function lose({ world: { primary, secondaries } }: Scene): void {
  const body = { metadata: { annotations: Object.fromEntries(settings) as object } };
  secondaries[0]?.kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
  primary.lbc.stop();
  for (const { metadata } of primary.kube.list('pods', 'default'))
    primary.kube.delete('pods', 'default', metadata.name, person);
}

const stories: readonly Handover[] = [
  { name: 'forward', line: FORWARD, earlier: [ENROLL] },
  {
    name: 'forward, and back instead',
    line: FORWARD,
    earlier: [ENROLL],
    back: `${FORWARD} --back`,
    every: 2,
  },
  {
    name: 'back after the adoption',
    line: `${FORWARD} --back`,
    earlier: [ENROLL, `${FORWARD} --until adopt`],
  },
  { name: 'to nobody', line: NOBODY, earlier: [ENROLL] },
  {
    name: 'from a cluster that is lost',
    line: `${FORWARD} --lost --accept old-answers`,
    earlier: [ENROLL],
    damage: lose,
  },
  // The handover in it is that of the first story.
  {
    name: 'replace of the owner by a member',
    line: REPLACE,
    earlier: [ENROLL],
    leaves: 'pri',
    every: 3,
  },
  {
    name: 'replace of the owner by a cluster that has not joined',
    line: REPLACE,
    earlier: ['enable nginx --context pri --yes'],
    leaves: 'pri',
    every: 3,
  },
];

const clustersOf = (restarts: Played['restarts']) => restarts.map(({ cluster }) => cluster);

/** A machine that is so busy that it looks twice a minute. */
const PAUSE_MS = 30_000;

describe('law 3: killed after any write of a handover, the same command or the way back reaches the end', () => {
  const program = programOfRuns();

  const typed = (scene: Scene, words: string, dieAfter?: number) =>
    type(program(), scene, words, dieAfter, PAUSE_MS);

  async function arrange(story: Handover): Promise<Scene> {
    const scene = await prepare(program(), story);
    story.damage?.(scene);
    scene.world.clock.advance(REST_MS);
    return scene;
  }

  /** What the world is like when it has come to rest; nobody may have noticed anything on the way. */
  function endOf({ world, upsets, records }: Scene, from: number, leaves = ''): unknown {
    world.clock.advance(REST_MS);
    world.stop();
    const isMeant = (one: { readonly kind?: string; readonly by: string }): boolean =>
      one.by === leaves && (one.kind === undefined || one.kind === 'left it');
    const unmeant = [...upsets, ...records.removals].filter((one) => !isMeant(one));
    expect(unmeant.filter(({ order }) => order > from)).toEqual([]);
    expect(records.losses.filter(({ order }) => order > from)).toEqual([]);
    return shape(endState(world));
  }

  test.each(stories.filter((_, n) => fullSize || n === 0))('$name', async (story) => {
    const undisturbed = await arrange(story);
    const whole = await typed(undisturbed, story.line);
    const there = story.back;
    expect(whole).toMatchObject({ code: 0 });
    if (there !== undefined) expect(await typed(undisturbed, there)).toMatchObject({ code: 0 });
    const goal = endOf(undisturbed, undisturbed.records.order, story.leaves);

    const [first = 1, ...more] = whole.writes;
    const kills = [first - 1, first, ...more];
    expect(kills.length).toBeGreaterThan(6);
    // Outside CI some of them.
    const every = fullSize ? (story.every ?? 1) : 7;
    const restarts = whole.restarts.map(({ request }) => request);
    const chosen = kills.filter(
      (n, at) => at % every === every - 1 || (!fullSize && n === restarts.at(-1)),
    );
    for (const n of chosen) {
      const scene = await arrange(story);
      const from = scene.records.order;
      const killed = await typed(scene, story.line, n);
      expect({ n, ...killed }).toMatchObject({ n, code: undefined });
      // Somebody notices, and types it again: at once where new processes are on their way.
      scene.world.clock.advance(restarts.includes(n) ? 0 : (n % 3) * 45_000);
      const second = await typed(scene, there ?? story.line);
      expect({ n, ...second }).toMatchObject({ n, code: 0 });
      const end = endOf(scene, from, story.leaves);
      if (there !== undefined) continue;
      // Each controller is restarted as often as if the run had not been killed.
      const restarted = clustersOf([...killed.restarts, ...second.restarts]);
      const expected = clustersOf(whole.restarts);
      expect({ n, restarted, end }).toEqual({ n, restarted: expected, end: goal });
    }
  });
});
