import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalEntry } from '../../src/sandbox/requests/journal.ts';
import type { KubeObject } from '../../src/sandbox/kube/object.ts';
import { createAll } from '../../src/sandbox/scenarios/apply.ts';
import { deployment, plainService } from '../../src/sandbox/scenarios/objects.ts';
import type { ScenarioName } from '../../src/sandbox/scenarios/scenarios.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import type { World } from '../../src/sandbox/world.ts';
import { runNlbmc } from '../commands/harness.ts';
import { worldInProcess } from '../commands/in-process.ts';
import { addresses, BINDINGS, deregister, person } from '../commands/repair-acts.ts';
import { fullSize } from '../full-size.ts';
import { endState, shape } from './end-state.ts';
import { bindByHand } from './broken-worlds/acts.ts';
import { LentClock } from './lent-clock.ts';
import { ENABLE, JOIN, JOIN_BALANCER, JOIN_PEER, nameOf, OTHER, PEER, PRI, SEC } from './stage.ts';

const bin = join(import.meta.dirname, '..', '..', 'bin', 'nlbmc.js');
const LEAVE = `leave nginx --context ${SEC} --primary ${PRI} --yes`;
const SPEED = 400;

/** Where the document of a story is. */
const documentIn = ({ dir }: Sandbox): string => join(dir, 'enrollment.yaml');

interface Run {
  readonly requests: readonly JournalEntry[];
  readonly killed: boolean;
}

/** When to kill: as that request is answered, or that write. */
type Kill = { readonly request: number } | { readonly write: number };

/**
 * Runs the built program in a process of its own, and kills it there. A request that it sent beside the one
 * in question does not arrive any more: else what has arrived would be a matter of luck.
 */
function killNlbmc({ sandbox, clock }: Place, line: string, kill: Kill): Promise<Run> {
  const { journal, faults } = sandbox.world;
  const words = line.replace('FILE', documentIn(sandbox)).split(' ');
  clock.lend(SPEED);
  const child = spawn(process.execPath, [bin, ...words], {
    env: { PATH: process.env['PATH'], ...sandbox.env },
    stdio: 'ignore',
  });
  const requests: JournalEntry[] = [];
  let lift = (): void => undefined;
  const add = journal.add.bind(journal);
  journal.add = (entry) => {
    add(entry);
    const added = journal.entries.at(-1);
    if (added?.source !== 'http' || child.killed) return;
    requests.push(added);
    const writes = requests.filter(({ mutating }) => mutating).length;
    if ('request' in kill ? requests.length === kill.request : writes === kill.write) {
      lift = faults.add({ kind: 'cut' });
      child.kill('SIGKILL');
    }
  };
  return new Promise((resolve) => {
    child.on('close', async (_, signal) => {
      // What is in the sockets has been read by then.
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
      lift();
      journal.add = add;
      clock.takeBack();
      resolve({ requests, killed: signal === 'SIGKILL' });
    });
  });
}

/** Runs it to its end in this process, where nobody waits for real, and looks when all is at rest. */
async function runHere({ sandbox }: Place, line: string) {
  const { world } = sandbox;
  const { entries } = world.journal;
  const from = entries.length;
  const words = line.replace('FILE', documentIn(sandbox));
  const { code } = await runNlbmc(sandbox, words);
  const requests = entries.slice(from).filter(({ source }) => source === 'http');
  world.settle();
  return { code, requests, end: shape(endState(world)) };
}

interface Story {
  readonly name: string;
  readonly line: string;
  /** What has been run to its end before. */
  readonly earlier: readonly string[];
  readonly scenario: ScenarioName;
  /** Documents that are in the secondary before. */
  readonly secondary: readonly KubeObject[];
  readonly writes: number;
  /** What `show` writes of these clusters before is the file that the line calls FILE. */
  readonly document?: string;
  /** It waits between its writes: killed before the first one and after each. */
  readonly around?: boolean;
  /** What is done to the world when all that was run has settled. */
  readonly damage?: (world: World) => void;
}

/** A world, on a clock that is lent to the process that is to be killed. */
interface Place {
  readonly sandbox: Sandbox;
  readonly clock: LentClock;
}

/** Worlds that a test has opened: one that fails may not keep the whole run from ending. */
const open = new Set<Place>();

async function close(place: Place): Promise<void> {
  open.delete(place);
  place.clock.takeBack();
  await place.sandbox.stop();
}

/** A world in which that was played which came before. */
async function prepare({ scenario, secondary, earlier, damage, document }: Story): Promise<Place> {
  const clock = new LentClock();
  const sandbox = await startSandbox({ scenario, clock, plainHttp: true });
  worldInProcess(sandbox);
  const { world } = sandbox;
  const place = { sandbox, clock };
  open.add(place);
  for (const { kube } of world.secondaries) createAll(kube, ...secondary);
  world.settle();
  for (const line of earlier) {
    const onSleep = (): void => world.settle();
    expect(await runNlbmc(sandbox, line, { onSleep })).toMatchObject({ code: 0 });
  }
  if (document !== undefined) {
    const { stdout } = await runNlbmc(sandbox, `show nginx --context ${document} -o yaml`);
    writeFileSync(documentIn(sandbox), stdout);
  }
  damage?.(world);
  // As long as a person needs to type: controllers have seen it.
  clock.advance(120_000);
  return place;
}

const app = [deployment(2), plainService('ClusterIP')];
const one = { scenario: 'walkthrough', secondary: app, writes: 1 } as const;
const peers = { scenario: 'no-owner', secondary: [], writes: 1 } as const;
const stories: readonly Story[] = [
  { ...one, name: 'enable', line: ENABLE, earlier: [] },
  { ...one, name: 'join', line: JOIN, earlier: [ENABLE] },
  {
    ...one,
    name: 'leave by a document, around its write',
    line: `leave nginx --context ${SEC} --from FILE --yes`,
    earlier: [ENABLE, JOIN],
    document: `${PRI},${SEC}`,
    around: true,
  },
  {
    ...one,
    name: 'join by a document',
    line: `join nginx --context ${SEC} --from FILE --max-age 24h --yes`,
    earlier: [ENABLE],
    document: PRI,
  },
  {
    name: 'join that makes the Service, between its writes',
    line: `${JOIN} --create-service --yes`,
    earlier: [ENABLE],
    scenario: 'walkthrough',
    secondary: [deployment(2)],
    writes: 2,
  },
  {
    name: 'join of two ports, between its writes',
    line: JOIN,
    earlier: [ENABLE],
    scenario: 'multi-port',
    secondary: [],
    writes: 2,
  },
  {
    name: 'repair of a deleted binding and of lost endpoints, between its writes',
    line: `repair nginx --context ${PRI},${SEC} --yes`,
    earlier: [ENABLE, JOIN],
    scenario: 'multi-port',
    secondary: [],
    writes: 2,
    damage: (world) => {
      const { kube } = world.primary;
      const binding = kube.list(BINDINGS).find(({ spec }) => spec.serviceRef.port === 8080);
      kube.delete(BINDINGS, 'default', binding?.metadata.name ?? '', person);
      deregister(world, addresses(world, SEC));
    },
  },
  { ...one, name: 'leave', line: LEAVE, earlier: [ENABLE, JOIN] },
  {
    ...peers,
    name: 'join by a load balancer that no cluster owns',
    line: JOIN_BALANCER,
    earlier: [],
  },
  {
    ...peers,
    name: 'enable in place, around its write',
    line: `enable web --context ${PEER} --yes`,
    earlier: [],
    around: true,
    damage: (world) => bindByHand(world, PEER),
  },
  {
    ...peers,
    name: 'leave of a load balancer that no cluster owns',
    line: `leave web --context ${OTHER} --load-balancer shared --yes`,
    earlier: [JOIN_BALANCER, JOIN_PEER],
  },
  {
    name: 'leave of two ports, between its writes',
    line: LEAVE,
    earlier: [ENABLE, JOIN],
    scenario: 'multi-port',
    secondary: [],
    writes: 2,
  },
  {
    name: 'leave without a controller, around its writes',
    line: `${LEAVE} --without-controller`,
    earlier: [ENABLE, JOIN],
    scenario: 'walkthrough',
    secondary: app,
    writes: 4,
    around: true,
    damage: (world) => world.cluster(SEC).lbc.uninstall(),
  },
  {
    name: 'leave with the Service that join made, around its writes',
    line: `${LEAVE} --delete-service`,
    earlier: [ENABLE, `${JOIN} --create-service --yes`],
    scenario: 'walkthrough',
    secondary: [deployment(2)],
    writes: 2,
    around: true,
  },
  {
    ...one,
    name: 'disable, around its write',
    line: `disable nginx --context ${PRI} --yes --accept unlisted-members`,
    earlier: [ENABLE],
    around: true,
  },
  {
    ...one,
    name: 'purge, around its write',
    line: `purge nginx --context ${PRI} --accept-removing=2 --yes`,
    earlier: [ENABLE, JOIN],
    around: true,
  },
];

/**
 * After which requests to kill: before the first write and after each. In CI after each request up to
 * the last write, and in one round of the wait after it, which only asks the same again; with several
 * writes the reads before them are left to the others, and where a run waits between its writes, how
 * many requests that takes varies: there each write counts.
 */
function killsIn(requests: readonly JournalEntry[], { writes, around }: Story): readonly Kill[] {
  const order = requests.map((_, i) => ({ request: i + 1 }));
  const first = requests.findIndex((request) => request.mutating);
  if (around || !fullSize)
    return [{ request: first }, ...Array.from({ length: writes }, (_, i) => ({ write: i + 1 }))];
  const last = requests.findLastIndex((request) => request.mutating) + 1;
  if (writes > 1) return order.slice(first - 1, last + 1);
  const [next, ...rest] = requests.slice(last).map(nameOf);
  const round = rest.findIndex((name) => name === next) + 1;
  return order.slice(0, last + (round || rest.length + 1));
}

describe('law 3: killed after any request, a second run reaches the same end', () => {
  afterEach(() => Promise.all([...open].map(close)));

  test.each(stories.filter((_, n) => fullSize || n % 4 === 0))('$name', async (story) => {
    const undisturbed = await prepare(story);
    const { code, requests, end: goal } = await runHere(undisturbed, story.line);
    await close(undisturbed);
    expect(code).toBe(0);
    expect(requests.filter((request) => request.mutating)).toHaveLength(story.writes);

    const survived: Kill[] = [];
    const writesSeen = new Set<number>();
    const kills = killsIn(requests, story);
    for (const kill of kills) {
      const place = await prepare(story);
      const first = await killNlbmc(place, story.line, kill);
      if (!first.killed) survived.push(kill);
      writesSeen.add(first.requests.filter((request) => request.mutating).length);
      const second = await runHere(place, story.line);
      expect({ kill, code: second.code }).toEqual({ kill, code: 0 });
      expect({ kill, end: second.end }).toEqual({ kill, end: goal });
      await close(place);
    }
    // All but the last may not end by themselves: the kill would have proven nothing.
    expect(survived.filter((kill) => kill !== kills.at(-1))).toEqual([]);
    // Killed before the first write, after each of them, and so while waiting.
    expect([...writesSeen].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: story.writes + 1 }, (_, i) => i),
    );
  });
});
