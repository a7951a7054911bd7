import { spawnSync } from 'node:child_process';
import { quickAws } from '../aws-cli/quick-aws.ts';
import { fullSize } from '../full-size.ts';
import type { BrokenWorld } from './broken-worlds/broken-world.ts';
import { autoMode } from './broken-worlds/auto-mode.ts';
import { found } from './broken-worlds/found.ts';
import { handovers } from './broken-worlds/handover.ts';
import { ownerless } from './broken-worlds/no-owner.ts';
import { refused } from './broken-worlds/refused.ts';
import { several } from './broken-worlds/several.ts';
import { setStage, VERIFY } from './stage.ts';
import { walk } from './walk.ts';

const all: readonly BrokenWorld[] = [
  ...found,
  ...refused,
  ...ownerless,
  ...autoMode,
  ...several,
  ...handovers,
];
/** Outside CI each eighth world. */
const worlds = all.filter((_, n) => fullSize || n % 8 === 0);

const toolOf = ({ tool, ends }: BrokenWorld) => tool ?? (ends === 'look' ? 'kubectl' : undefined);
const missing = new Set(
  ['kubectl', 'aws'].filter((tool) => spawnSync('which', [tool]).status !== 0),
);

beforeAll(quickAws);

describe.each(worlds.map((world) => [world.name, world] as const))(
  'a hint leads on: %s',
  (_, world) => {
    const {
      earlier = [],
      act,
      before = 'joined',
      line = VERIFY,
      ends,
      scenario,
      controllers,
      hint,
    } = world;
    const tool = toolOf(world);
    const lacking = tool !== undefined && missing.has(tool);

    (lacking ? test.skip : test)(
      tool === undefined
        ? 'by nlbmc alone'
        : `with ${tool}${lacking ? ', which is not there' : ''}`,
      async () => {
        // kubectl gives no credentials to a server without TLS.
        const stage = await setStage(before, { scenario, controllers, tls: tool === 'kubectl' });
        try {
          for (const typed of earlier)
            expect([typed, (await stage.nlbmc(typed)).code]).toEqual([typed, 0]);
          act?.(stage.world);
          stage.world.clock.advance(5_000);
          const walked = await walk(stage, line, hint === undefined ? {} : { hint });
          expect(walked).toEqual({ end: ends, path: walked.path, wrong: [] });
        } finally {
          await stage.stop();
        }
      },
    );
  },
);

test('the catalogue has at least sixty worlds', () => expect(all.length).toBeGreaterThan(60));
