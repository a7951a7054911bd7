import { VirtualClock } from '../../src/sandbox/time/clock.ts';
import { TakingTurns, turns } from './taking-turns.ts';

/** A machine on which another program has the time. */
async function busyMachine(): Promise<void> {
  for (let n = 0; n < 20; n += 1) await turns();
}

describe('a run of nlbmc and a script on one clock', () => {
  test('a script that comes to nothing on a busy machine uses up no time of the run', async () => {
    const clock = new VirtualClock();
    const turn = new TakingTurns(clock);
    const job = { isDone: false };
    const run = async (): Promise<number> => {
      while (!job.isDone) await turn.pause(5_000);
      return clock.time();
    };
    const found = await turn.beside(run, async () => {
      await busyMachine();
      await turn.pass(20_000);
      await busyMachine();
      job.isDone = true;
    });
    expect(found).toBeGreaterThanOrEqual(20_000);
    expect(found).toBeLessThanOrEqual(25_000);
  });

  test('nor does a run use up the time of the script', async () => {
    const clock = new VirtualClock();
    const turn = new TakingTurns(clock);
    const job = { isDone: false };
    let waited = 0;
    await turn.beside(
      async () => {
        await busyMachine();
        job.isDone = true;
      },
      async () => {
        for (; !job.isDone; waited += 1_000) await turn.pass(1_000);
      },
    );
    expect(waited).toBeLessThanOrEqual(1_000);
  });

  test('alone, a pause only winds the clock', async () => {
    const clock = new VirtualClock();
    await new TakingTurns(clock).pause(7_000);
    expect(clock.time()).toBe(7_000);
  });
});
