import { runNlbmc } from '../commands/harness.ts';
import { fullSize } from '../full-size.ts';
import { answerTo, type Disturb } from './answers.ts';
import { ENROLL, settling } from './several.ts';
import { PRI, setStage, type Stage } from './stage.ts';

/** `a` and `b` are enrolled, `c` is not. No line writes, none waits, and usually each ends with 0. */
const lines = {
  enroll: `enroll nginx --primary ${PRI} --context a,b --dry-run --yes`,
  enrollMore: `enroll nginx --primary ${PRI} --context a,c --dry-run --yes`,
  join: `join nginx --primary ${PRI} --context a,b,c --dry-run --yes`,
  leave: `leave nginx --primary ${PRI} --context a,b --dry-run --yes`,
  repair: `repair nginx --context ${PRI},a,b --dry-run --yes`,
  replace: `replace nginx --primary ${PRI} --old a --new c --dry-run --yes --no-record`,
  replaced: `replace nginx --primary ${PRI} --old c --new a --dry-run --yes --no-record`,
  joinFrom: 'join nginx --context c --from - --dry-run --yes --max-age 24h',
  joinedFrom: 'join nginx --context a --from - --dry-run --yes --max-age 24h',
  leaveFrom: 'leave nginx --context a --from - --dry-run --yes',
  verifyFrom: 'verify nginx --context a --from - --max-age 24h',
} as const;
type Line = keyof typeof lines;
export type Ends = Readonly<Partial<Record<Line, string>>>;

/** All that joins with a connection to the primary. */
export const joins = (end: string): Ends => ({
  enroll: end,
  enrollMore: end,
  join: end,
  replace: end,
  replaced: end,
});

/** A document is no evidence where AWS says something else than it does. */
export const differs: Ends = { joinFrom: '5 evidence-differs', joinedFrom: '5 evidence-differs' };

/** A row of a table: what is answered, and what of it ends otherwise than usual. */
export type Row = readonly [string, Disturb, Ends];

async function othersThanUsual(stage: Stage, input: string): Promise<Ends> {
  const ends: Partial<Record<Line, string>> = {};
  for (const [name, line] of Object.entries(lines) as [Line, string][]) {
    const { end, writes } = await answerTo(stage, line, { input });
    if (writes > 0) throw new Error(`${name} wrote`);
    if (end !== '0') ends[name] = end;
  }
  return ends;
}

/** Plays rows on one stage: no line writes, so the next row finds it as it was. Outside CI, each `step`th row. */
export function playAnswers(about: string, rows: readonly Row[], step: number): void {
  let stage: Stage;
  let document: string;
  beforeAll(async () => {
    stage = await setStage('deployed', { clusters: [PRI, 'a', 'b', 'c'] });
    const { sandbox, world } = stage;
    expect(await runNlbmc(sandbox, ENROLL, settling(world))).toMatchObject({ code: 0 });
    world.settle();
    document = (await runNlbmc(sandbox, `show nginx --context ${PRI},a,b -o yaml`)).stdout;
  });
  afterAll(() => stage.stop());

  test('as usual, every command ends in good order', async () =>
    expect(await othersThanUsual(stage, document)).toEqual({}));

  test.each(rows.filter((_, n) => fullSize || n % step === 0))(
    `${about}: %s`,
    async (_, disturb, ends) => {
      const end = disturb(stage);
      const found = await othersThanUsual(stage, document);
      end();
      expect(found).toEqual(ends);
    },
  );
}
