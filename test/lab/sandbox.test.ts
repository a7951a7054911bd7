import { loaded } from '../commands/loaded.ts';
import { fullSize } from '../full-size.ts';
import { differences } from './compare.ts';
import { knownDifferences, MOST_KNOWN_DIFFERENCES } from './known-differences.ts';
import { PINS } from './pins.ts';
import { playInSandbox } from './play.ts';
import { openSandboxStage } from './sandbox-stage.ts';
import { missingIn, type Left } from './left.ts';
import { damageStays } from './scenarios/damage-stays.ts';
import { existingNlb } from './scenarios/existing-nlb.ts';
import { scenarios } from './scenarios/all.ts';
import type { Scenario } from './stage.ts';

/** The controller that the lab builds. */
const version = PINS.controller.version.replace(/[-+].*$/, '');

const inSandbox = (
  scenario: Scenario,
  o: Parameters<typeof openSandboxStage>[1] = {},
): Promise<Left> => playInSandbox(scenario, { version, ...o });

/** Set where the lab has played all scripts before, in both worlds: once is enough there. */
const isPlayed = process.env['LAB_PLAYED'] === 'true';

// Scripts move the clock while nlbmc runs beside them.
beforeAll(() => loaded);

describe('the scripts of the lab, in the sandbox', () => {
  // `npm run lab` plays all of them, here and in its own world; outside CI each tenth is enough here.
  const here = scenarios.filter(
    (one, n) => !one.gateways && !isPlayed && (fullSize || n % 10 === 0),
  );
  for (const scenario of here) {
    test(`${scenario.name}: ${scenario.title}`, async () => {
      expect(missingIn(scenario, await inSandbox(scenario))).toEqual([]);
    });
  }
});

test('the sandbox has no Gateways, as its page says', async () => {
  const [scenario] = scenarios.filter((one) => one.gateways);
  if (!scenario) throw new Error('no script has Gateways');
  const stage = await openSandboxStage(scenario);
  try {
    const asked = stage.clusters[0].kube.list('gateways', stage.namespace);
    await expect(asked).rejects.toMatchObject({ status: 404 });
  } finally {
    await stage.close();
  }
});

describe('the comparison with the lab', () => {
  test('notices a controller that does not skip what its checkpoint says is done', async () => {
    const skipping = await inSandbox(damageStays);
    const eager = await inSandbox(damageStays, { checkpointSkip: false });
    const found = differences(damageStays.name, skipping, eager);
    expect(found).toContain('only in the lab: targets/tg(80)[] = "pri-1:80"');
  });

  test('finds nothing between two runs of the same', async () => {
    const first = await inSandbox(existingNlb);
    expect(differences(existingNlb.name, first, await inSandbox(existingNlb), [])).toEqual([]);
  });
});

test('no two scripts make names that begin alike', () => {
  // The controller keeps eight letters of a namespace in its names (naming.ts of the sandbox).
  const starts = scenarios.map(({ name }) => name.replaceAll('-', '').slice(0, 8));
  expect(new Set(starts).size).toBe(scenarios.length);
});

test('few differences are known, each with its place upstream', () => {
  expect(knownDifferences.length).toBeLessThanOrEqual(MOST_KNOWN_DIFFERENCES);
  for (const { upstream, why } of knownDifferences) {
    expect(upstream).toMatch(/^[\w/.-]+\.go:\d+/);
    expect(why).not.toBe('');
  }
});
