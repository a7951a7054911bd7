/** @shared Modules of nlbmc are replaced by hooks of Node. */
import { fullSize } from '../full-size.ts';
import { endState, shape } from './end-state.ts';
import { type Played, prepare, REST_MS, type Story, type, programOfRuns } from './killed-run.ts';

const ENROLL = 'enroll nginx --primary pri --context sec,ter --yes';
const ENROLL_ONE = 'enroll nginx --primary pri --context sec --yes';
const REPLACE = 'replace nginx --old sec --new ter --primary pri --yes --no-record';
const PEERS = 'enroll nginx --load-balancer shared --context pri,sec --yes';

const stories: readonly Story[] = [
  { name: 'enroll', line: ENROLL, earlier: [] },
  { name: 'enroll of two ports', line: ENROLL, earlier: [], layout: 'multi-port' },
  { name: 'replace', line: REPLACE, earlier: [ENROLL_ONE] },
  { name: 'replace of two ports', line: REPLACE, earlier: [ENROLL_ONE], layout: 'multi-port' },
  {
    name: 'replace where no cluster owns the load balancer',
    line: 'replace nginx --old pri --new ter --context sec --yes --no-record',
    earlier: [PEERS],
    layout: 'no-owner',
  },
  {
    name: 'join of several clusters',
    line: 'join nginx --primary pri --context sec,ter --yes',
    earlier: ['enable nginx --context pri --yes'],
  },
  {
    name: 'leave of several clusters',
    line: 'leave nginx --primary pri --context sec,ter --yes',
    earlier: [ENROLL],
  },
];

/**
 * After which requests to kill: before the first write and after each second one; in CI after each write and
 * every tenth request. A read changes nothing, so a kill after it finds the world of the write before it, some
 * time later.
 */
function killsIn({ requests, writes }: Played): readonly number[] {
  const [first = 1] = writes;
  const tenths = Array.from({ length: Math.floor((requests - 1) / 10) }, (_, n) => (n + 1) * 10);
  const chosen = fullSize ? [...writes, ...tenths] : writes.filter((_, n) => n % 2 === 0);
  return [...new Set([first - 1, ...chosen])];
}

describe('law 3: killed after any request, the same command reaches the same end', () => {
  const program = programOfRuns();

  test.each(stories.filter((_, n) => fullSize || n % 5 === 0))('$name', async (story) => {
    const undisturbed = await prepare(program(), story);
    const whole = await type(program(), undisturbed, story.line);
    expect(whole.code).toBe(0);
    undisturbed.world.clock.advance(REST_MS);
    const goal = shape(endState(undisturbed.world));
    undisturbed.world.stop();

    const kills = killsIn(whole);
    expect(kills.length).toBeGreaterThan(fullSize ? 2 : 1);
    const survived: number[] = [];
    for (const n of kills) {
      const scene = await prepare(program(), story);
      if ((await type(program(), scene, story.line, n)).code !== undefined) survived.push(n);
      // Somebody notices, and types it again.
      scene.world.clock.advance((n % 3) * 45_000);
      const second = await type(program(), scene, story.line);
      expect({ n, ...second }).toMatchObject({ n, code: 0 });
      scene.world.clock.advance(REST_MS);
      expect({ n, end: shape(endState(scene.world)) }).toEqual({ n, end: goal });
      scene.world.stop();
    }
    // One that ended by itself would have proven nothing.
    expect(survived).toEqual([]);
  });
});
