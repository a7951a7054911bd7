/** @isolated It replaces timers. */
import { atMost } from '../../src/wire/at-most.ts';

/** The part of jest's object that is used; ESM has it in import.meta, and its types do not know. */
interface Tool {
  useFakeTimers(): void;
  useRealTimers(): void;
  advanceTimersByTimeAsync(ms: number): Promise<void>;
}
const { jest: tool } = import.meta as unknown as { readonly jest: Tool };

const PATIENCE_MS = 1_000;

beforeEach(() => tool.useFakeTimers());
afterEach(() => tool.useRealTimers());

/** Works that a test ends one by one, and which of them have begun. */
function works(width: number) {
  const inTurn = atMost(width, PATIENCE_MS);
  const begun: string[] = [];
  const ends = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  return {
    inTurn,
    begun,
    start: (name: string) =>
      inTurn(() => {
        begun.push(name);
        return new Promise<string>((resolve, reject) =>
          ends.set(name, { resolve: () => resolve(name), reject }),
        );
      }),
    end: (name: string) => ends.get(name)?.resolve(),
    fail: (name: string) => ends.get(name)?.reject(new Error(name)),
  };
}

/** Lets everything happen that waits for no time. */
const happened = () => tool.advanceTimersByTimeAsync(0);

test('no more than so many at the same time, first come, first served, each with its own answer', async () => {
  const { start, end, begun } = works(2);
  const all = ['a', 'b', 'c', 'd'].map(start);
  await happened();
  expect(begun).toEqual(['a', 'b']);
  end('b');
  await happened();
  expect(begun).toEqual(['a', 'b', 'c']);
  ['a', 'c'].forEach(end);
  await happened();
  end('d');
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
});

test('one that fails makes room, and its error is for who asked', async () => {
  const { start, end, fail, begun } = works(1);
  const failing = expect(start('a')).rejects.toThrow('a');
  const next = start('b');
  await happened();
  fail('a');
  await failing;
  await happened();
  expect(begun).toEqual(['a', 'b']);
  end('b');
  expect(await next).toBe('b');
});

test('one that hangs makes room after a while, once; its answer still comes', async () => {
  const { start, end, begun } = works(1);
  const [hanging] = ['a', 'b', 'c'].map(start);
  await tool.advanceTimersByTimeAsync(PATIENCE_MS - 1);
  expect(begun).toEqual(['a']);
  await tool.advanceTimersByTimeAsync(1);
  expect(begun).toEqual(['a', 'b']);
  end('a');
  expect(await hanging).toBe('a');
  await happened();
  expect(begun).toEqual(['a', 'b']);
  end('b');
  await happened();
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('work that waits for other work of the same turns ends late, not never', async () => {
  const { inTurn } = works(1);
  const outer = inTurn(() => inTurn(() => Promise.resolve('inner')));
  await tool.advanceTimersByTimeAsync(PATIENCE_MS);
  expect(await outer).toBe('inner');
});

test('after all have ended there is as much room as before', async () => {
  const { start, end, begun } = works(2);
  for (const round of ['1', '2', '3']) {
    const all = ['a', 'b', 'c'].map((name) => start(name + round));
    await happened();
    expect(begun.filter((name) => name.endsWith(round))).toHaveLength(2);
    end(`a${round}`);
    await happened();
    ['b', 'c'].forEach((name) => end(name + round));
    await Promise.all(all);
  }
});
