import { VirtualClock } from '../../../src/sandbox/time/clock.ts';
import { WorkQueue, type Outcome, type QueueRules } from '../../../src/sandbox/time/work-queue.ts';

const DONE: Outcome = { kind: 'done' };

/** A queue that notes when each pass begins, `key@ms`; a pass of `slow` takes 100 ms. */
function watched(rules: Partial<QueueRules> = {}, end: (key: string) => Outcome = () => DONE) {
  const clock = new VirtualClock();
  const passes: string[] = [];
  const all = { workers: 2, delayMs: 20, merges: false, firstRetryMs: 5, lastRetryMs: 15 };
  const queue = new WorkQueue(clock, { ...all, retries: () => true, ...rules }, function* (key) {
    passes.push(`${key}@${clock.time()}`);
    if (key.startsWith('slow')) yield 100;
    return end(key);
  });
  return { clock, passes, queue };
}

describe('a work queue', () => {
  test('gives each change its pass, later than the change', () => {
    const { clock, passes, queue } = watched();
    queue.add('a');
    expect(passes).toEqual([]);
    clock.advance(10);
    queue.add('a');
    clock.advance(1_000);
    expect(passes).toEqual(['a@20', 'a@30']);
  });

  test('merges changes within the delay where it is told to', () => {
    const { clock, passes, queue } = watched({ merges: true });
    queue.add('a');
    clock.advance(10);
    queue.add('a');
    clock.advance(1_000);
    queue.add('a');
    clock.advance(1_000);
    expect(passes).toEqual(['a@20', 'a@1030']);
  });

  test('never has two passes of one key, and no more passes than workers', () => {
    const { clock, passes, queue } = watched();
    for (const key of ['slow-a', 'slow-a', 'slow-b', 'c']) queue.add(key);
    clock.advance(1_000);
    expect(passes).toEqual(['slow-a@20', 'slow-b@20', 'slow-a@120', 'c@120']);
  });

  test('backs off while a key fails, and begins anew after a success', () => {
    let failures = 4;
    const { clock, passes, queue } = watched({}, () => {
      if (failures-- > 0) throw new Error('refused');
      return DONE;
    });
    queue.add('a');
    clock.advance(1_000);
    expect(passes).toEqual(['a@20', 'a@25', 'a@35', 'a@50', 'a@65']);
    failures = 1;
    queue.add('a');
    clock.advance(1_000);
    expect(passes.slice(5)).toEqual(['a@1020', 'a@1025']);
  });

  test('comes back when a pass asks for it', () => {
    const outcomes: Outcome[] = [{ kind: 'again', ms: 300 }, DONE];
    const { clock, passes, queue } = watched({}, () => outcomes.shift() ?? DONE);
    queue.add('a');
    clock.advance(1_000);
    expect(passes).toEqual(['a@20', 'a@320']);
  });

  test('does not run again what ended with its process, and throws a defect on', () => {
    const fail = (): Outcome => {
      throw new TypeError('a slip');
    };
    const gone = watched({ retries: () => false }, fail);
    gone.queue.add('a');
    gone.clock.advance(1_000);
    expect(gone.passes).toEqual(['a@20']);
    const defect = watched(
      {
        retries(error) {
          throw error;
        },
      },
      fail,
    );
    defect.queue.add('a');
    expect(() => defect.clock.advance(1_000)).toThrow('a slip');
  });

  test('paused, keeps what comes in; stopped, runs nothing more', () => {
    const { clock, passes, queue } = watched();
    queue.pause();
    queue.add('a');
    clock.advance(100);
    expect(passes).toEqual([]);
    queue.resume();
    queue.add('slow');
    clock.advance(50);
    queue.add('b');
    queue.stop();
    clock.advance(1_000);
    expect(passes).toEqual(['a@100', 'slow@120']);
  });
});
