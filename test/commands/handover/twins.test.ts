import { handoverChecks } from '../../../src/core/handover/checks.ts';
import { fullSize } from '../../full-size.ts';
import { setStage } from '../../laws/stage.ts';
import { Handed } from '../../sandbox/handover/shared.ts';
import { controllerTwins } from './controller-twins.ts';
import { serviceTwins } from './service-twins.ts';
import { withoutTwin } from './without-twin.ts';

const twins = [...serviceTwins, ...controllerTwins];

test.each(twins.filter(({ everyRun }) => fullSize || everyRun))(
  '$code: $says',
  async ({ progress = 'joined', options, play }) => {
    const stage = await setStage(progress, options);
    try {
      await play(new Handed(stage.world), stage);
    } finally {
      await stage.stop();
    }
  },
);

test('each check of a handover has a twin, or a reason why it has none', () => {
  const told = [...new Set<string>(twins.map(({ code }) => code)), ...Object.keys(withoutTwin)];
  expect(told.toSorted()).toEqual([...new Set(handoverChecks.map(({ id }) => id))].toSorted());
});
