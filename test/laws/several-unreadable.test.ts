import type { JournalEntry } from '../../src/sandbox/requests/journal.ts';
import { fullSize } from '../full-size.ts';
import { endState } from './end-state.ts';
import {
  encounters,
  enough,
  faults,
  FEWEST_REFUSED,
  meeting,
  patiently,
  ruleFor,
} from './faults.ts';
import { onSeveral, type Several, type SeveralStage, type, ways } from './several.ts';
import { nameOf } from './stage.ts';

/**
 * Reads that have a second source, so that nothing is missing when the first is closed to a person. The
 * nodes of any cluster tell the region.
 */
const hasSecondSource = /deployments|targetgroupbindings(\?|$)|customresourcedefinitions|\/nodes\?/;

/** Tags tell who owns the load balancer, which no leave depends on. */
const isBeside = ({ line }: Several, name: string): boolean =>
  line.startsWith('leave') && name.endsWith('DescribeTags');

interface Told {
  readonly problems: readonly { readonly code: string }[];
  readonly skips: readonly unknown[];
  readonly cautions: readonly unknown[];
  readonly plan?: {
    readonly steps: readonly { readonly cluster?: string }[];
    readonly leftOut?: readonly { readonly cluster: string }[];
  };
}

/** Whether the report says that something is missing. */
const isSaid = ({ skips, cautions }: Told, name: string): boolean =>
  skips.length + cautions.length > 0 || hasSecondSource.test(name);

/** The distinct requests among these, each once: by name, so that each cluster's meet each fault. */
const once = (entries: readonly JournalEntry[]): readonly JournalEntry[] =>
  [...new Map(entries.map((entry) => [nameOf(entry).split('?')[0] ?? '', entry]))]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, entry]) => entry);

const told = (stage: SeveralStage, line: string) => type(stage, `${line} -o json`);

describe('law 4: unreadable is not absent, with several clusters', () => {
  test.each<Several>([
    ways.enroll,
    ways.enrollPeers,
    ways.join,
    ways.leave,
    ways.replace,
    // Those of one cluster are played in any case: unreadable.test.ts.
    ...(fullSize ? [ways.joinByDocument, ways.leaveByDocument] : []),
  ])(
    'a read that fails: nothing is planned for a cluster of $name that needs it, or it is said to be missing',
    (way) =>
      onSeveral(way, async (stage, from) => {
        const line = `${way.line} --dry-run`;
        expect((await told(stage, line)).code).toBe(0);
        const reads = once(stage.requests(from));
        expect(reads.length).toBeGreaterThan(8);
        const was = endState(stage.world);
        const refused: string[] = [];
        for (const { met, fault, read } of encounters(reads, undefined, true)) {
          const name = nameOf(read);
          const giveBack = stage.world.faults.add(ruleFor(read, fault));
          const { code, stdout } = await patiently(stage, fault, () => told(stage, line));
          giveBack();
          const answer = JSON.parse(stdout) as Told;
          if (code === 0) {
            const said = isSaid(answer, name) || isBeside(way, name);
            expect({ met, name, said }).toEqual({ met, name, said: true });
            continue;
          }
          refused.push(met);
          const steps = answer.plan?.steps ?? [];
          const out = answer.plan?.leftOut?.map(({ cluster }) => cluster) ?? [];
          // What is read in AWS or in the primary is needed by all of them.
          const needed = out.length > 0 ? out : steps.map(({ cluster }) => cluster ?? '');
          expect({
            met,
            name,
            code,
            planned: steps.filter(({ cluster }) => needed.includes(cluster ?? '')),
          }).toEqual({ met, name, code: [2, 5].includes(code) ? code : 8, planned: [] });
          expect({ met, name, problems: answer.problems }).not.toEqual({
            met,
            name,
            problems: [],
          });
          expect(endState(stage.world)).toEqual(was);
        }
        const always = Object.fromEntries(Object.keys(faults).map((met) => [met, true]));
        expect(enough(refused)).toEqual(always);
      }),
  );

  test.each(Object.entries(faults))(
    'verify by a document is not green, or says what is missing, where a read meets %s',
    (met, fault) =>
      onSeveral({ ...ways.leaveByDocument, line: '' }, async (stage, from) => {
        const line = 'verify nginx --context a --from - --max-age 24h';
        expect((await told(stage, line)).code).toBe(0);
        for (const read of meeting(met, once(stage.requests(from)), true)) {
          const name = nameOf(read);
          const giveBack = stage.world.faults.add(ruleFor(read, fault));
          const { code, stdout } = await patiently(stage, fault, () => told(stage, line));
          giveBack();
          const answer = JSON.parse(stdout) as Told;
          const said = code === 0 ? isSaid(answer, name) : answer.problems.length > 0;
          expect({ name, code, said }).toEqual({
            name,
            code: [0, 2].includes(code) ? code : 8,
            said: true,
          });
        }
      }),
  );

  test('the old cluster of a replace is not touched while a fact about the new one is unread', async () => {
    // What is read once the new cluster has joined: each of it fails from then on, in turn.
    const after = await onSeveral(ways.replace, async (stage, from) => {
      expect((await told(stage, ways.replace.line)).code).toBe(0);
      const sent = stage.requests(from);
      const join = sent.findIndex(({ mutating }) => mutating);
      const leave = sent.findLastIndex(({ mutating }) => mutating);
      expect(leave).toBeGreaterThan(join);
      return once(sent.slice(join + 1, leave));
    });
    expect(after.length).toBeGreaterThan(8);
    let kept = 0;
    for (const read of meeting('500', after, true)) {
      await onSeveral(ways.replace, async (stage, from) => {
        const { journal, faults: armed } = stage.world;
        const add = journal.add.bind(journal);
        let broken = false;
        journal.add = (entry) => {
          add(entry);
          if (!entry.mutating || entry.source !== 'http' || broken) return;
          broken = true;
          armed.add(ruleFor(read, faults[500]));
        };
        const { code, stdout } = await told(stage, `${ways.replace.line} --timeout 15m`);
        const name = nameOf(read);
        const left = stage
          .requests(from)
          .some(({ verb, mutating }) => mutating && verb === 'DELETE');
        if (!left) kept += 1;
        const fine = left
          ? code === 0 && isSaid(JSON.parse(stdout) as Told, name)
          : [6, 7, 8].includes(code);
        expect({ name, code, left, fine }).toEqual({ name, code, left, fine: true });
      });
    }
    expect(kept).toBeGreaterThanOrEqual(FEWEST_REFUSED);
  });
});
