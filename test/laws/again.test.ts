import { changing, changingByDocument, onStage, PRI, SEC } from './stage.ts';
import { endState } from './end-state.ts';

const scenarios = ['walkthrough', 'multi-port', 'instance'] as const;

describe('law 2: a second run changes nothing and says so', () => {
  describe.each(scenarios)('in the scenario %s', (scenario) => {
    test.each([...changing, ...changingByDocument])('$name', ({ line, before }) =>
      onStage(
        before,
        async ({ nlbmc, requests, world }) => {
          const first = await nlbmc(line);
          expect(first).toMatchObject({ code: 0 });
          const was = endState(world);
          const from = world.journal.entries.length;
          const { code, stdout } = await nlbmc(`${line} -o json`);
          const { plan, writes, result } = JSON.parse(stdout) as {
            plan: { steps: unknown[] };
            writes: unknown[];
            result: string;
          };
          expect({ code, steps: plan.steps, writes }).toEqual({ code: 0, steps: [], writes: [] });
          expect(result).toContain('already');
          expect(requests(from).filter((request) => request.mutating)).toEqual([]);
          expect(endState(world)).toEqual(was);
        },
        scenario,
      ),
    );
  });

  test.each(changing)(
    '$name again goes on waiting for what is not there yet',
    ({ line, before, name }) =>
      onStage(before, async ({ nlbmc, requests, world }) => {
        const { lbc } = world.cluster(name === 'enable' ? PRI : SEC);
        lbc.pause();
        expect((await nlbmc(`${line} --timeout 1m`)).code).toBe(6);
        const from = world.journal.entries.length;
        expect((await nlbmc(`${line} --timeout 1m`)).code).toBe(6);
        expect(requests(from).filter((request) => request.mutating)).toEqual([]);
        lbc.resume();
        expect((await nlbmc(line)).code).toBe(0);
      }),
  );
});
