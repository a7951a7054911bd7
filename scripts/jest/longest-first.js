import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * Files that take a worker some ten seconds or more, longest first; the first ones take minutes in CI.
 * One not named here comes after them.
 */
const LONG = [
  'test/laws/interleave/mutants.test.ts',
  'test/laws/killed-anywhere.test.ts',
  'test/laws/interleave/even.test.ts',
  'test/laws/interleave/odd.test.ts',
  'test/docs/blocks.test.ts',
  'test/templates/prerequisites.test.ts',
  'test/templates/aws-lab-page.test.ts',
  'test/templates/cleanup.test.ts',
  'test/docs/worlds.test.ts',
  'test/laws/killed.test.ts',
  'test/lab/sandbox.test.ts',
  'test/laws/unreadable.test.ts',
  'test/docs/rights-to-end.test.ts',
  'test/docs/ci.test.ts',
  'test/walkthrough/no-owner.test.ts',
  'test/walkthrough/three-clusters.test.ts',
  'test/laws/leave.test.ts',
  'test/laws/several-unreadable.test.ts',
  'test/laws/disable.test.ts',
  'test/laws/several.test.ts',
  'test/laws/killed-handover.test.ts',
  'test/laws/identity.test.ts',
  'test/laws/nothing.test.ts',
  'test/laws/interleave/replay.test.ts',
  'test/laws/repair.test.ts',
  'test/commands/signals.test.ts',
  'test/commands/replace.test.ts',
];

/**
 * Starts the longest files first, so that no worker is left alone with one at the end. jest knows how
 * long each took in the run before, but a fresh clone and CI have had none.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const at = LONG.findIndex((name) => path.endsWith(name));
      return at < 0 ? LONG.length : at;
    };
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
}
