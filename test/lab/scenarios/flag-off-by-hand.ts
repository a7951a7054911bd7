import { enroll, expectCode, joinLine, turnFlag, verifyLine } from '../enrollment.ts';
import { must } from '../must.ts';
import { mustHaveTakenOut, untilDrained, untilRegistered } from '../targets.ts';
import type { Scenario } from '../stage.ts';

/** Within this time of its last look the primary's controller does not know of the foreign targets. */
const TARGET_CACHE_MS = 5 * 60_000;

/** The disaster (H3, H26). */
export const flagOffByHand: Scenario = {
  name: 'flag-off-by-hand',
  title: 'somebody turns the flag off with kubectl while a secondary is joined',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    const arn = await enroll(stage);
    await stage.pass(TARGET_CACHE_MS + 10_000);
    await turnFlag(stage, false);
    await untilRegistered(stage, arn, ['pri-1:80', 'pri-2:80', 'pri-3:80']);
    await mustHaveTakenOut(stage, primary, arn, ['sec-1:80', 'sec-2:80']);
    await mustHaveTakenOut(stage, secondary, arn, []);

    await untilDrained(stage, arn);
    const seen = await expectCode(stage, verifyLine(stage), 3);
    must(seen.stdout.includes('binding-exclusive'), 'verify says that the binding is exclusive');
    const refused = await expectCode(stage, joinLine(stage, secondary), 5);
    must(refused.stdout.includes('primary-not-enabled'), 'join is refused until the flag is back');
  },
};
