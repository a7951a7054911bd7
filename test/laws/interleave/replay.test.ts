/** @shared Modules of nlbmc are replaced by hooks of Node. */
import { fullSize } from '../../full-size.ts';
import { play } from './play.ts';
import { loadOffTheWire, type Program } from './program.ts';
import { layouts } from './scene.ts';
import { type Schedule, scheduleOf } from './schedule.ts';

describe('a schedule', () => {
  let program: Program;
  beforeAll(async () => (program = await loadOffTheWire()));

  test('always goes the same way', async () => {
    for (const seed of fullSize ? [1, 2, 6] : [2]) {
      const schedule = scheduleOf(seed);
      expect(scheduleOf(seed)).toEqual(schedule);
      expect(await play(program, schedule)).toEqual(await play(program, schedule));
    }
  });

  const schedule: Schedule = [
    { at: 1_000, what: 'enable', cluster: 'pri', n: 0 },
    { at: 240_000, what: 'join', cluster: 'sec', n: 0 },
    // What a person does to all others' targets.
    { at: 900_000, what: 'flag', cluster: 'pri', n: 0 },
  ];

  test('shows who took whose targets', async () => {
    const { losses, ran } = await play(program, schedule);
    expect(ran.map(({ code }) => code)).toEqual([0, 0]);
    expect(losses.map(({ by, owner }) => `${by} from ${owner}`)).toEqual([
      'pri from sec',
      'pri from sec',
    ]);
  });

  test.each(layouts)('is played where the layout is %s', async (layout) => {
    const first = layout === 'no-owner' ? 'join' : 'enable';
    const { losses, ran, disagreed } = await play(program, [
      { at: 0, what: layout, cluster: 'pri', n: 0 },
      { at: 1_000, what: first, cluster: 'pri', n: 0 },
      ...schedule.slice(1),
    ]);
    expect(ran.map(({ code, text }) => (code === 0 ? code : text))).toEqual([0, 0]);
    expect(new Set(losses.map(({ by, owner }) => `${by} from ${owner}`))).toEqual(
      new Set(['pri from sec']),
    );
    expect(disagreed).toEqual([]);
  });

  test('reads the document that was kept after a join', async () => {
    const { ran } = await play(program, [
      ...schedule.slice(0, 2),
      { at: 600_000, what: 'leave', cluster: 'sec', n: 2 },
    ]);
    expect(ran.map(({ code, text }) => (code === 0 ? code : text))).toEqual([0, 0, 0]);
  });

  test('goes the same way up to what is taken out of it', async () => {
    const [enable, join] = schedule;
    const whole = await play(program, schedule);
    const without = await play(program, schedule, { entries: [join!] });
    expect(without.ran).toEqual(whole.ran.slice(0, 1));
    expect(without.losses).toEqual([]);
    const order = whole.ran[0]?.writes[0] ?? 0;
    const untilThen = await play(program, schedule, { writesFrom: order });
    expect(untilThen.ran).toEqual(whole.ran.filter(({ entry }) => entry === enable));
  });

  test('with a run that dies after a request goes on without it', async () => {
    const [enable, join] = schedule;
    const dying = { ...join!, dieAfter: 3 };
    const { ran } = await play(program, [enable!, dying]);
    expect(ran.map(({ code }) => code)).toEqual([0, undefined]);
    expect(ran[1]?.writes).toEqual([]);
  });
});
