import { atMost } from './waiting.ts';

test('acts on all, in their order, and never on more at a time', async () => {
  let running = 0;
  let most = 0;
  const begun: number[] = [];
  await atMost(3, [1, 2, 3, 4, 5, 6, 7], async (one) => {
    begun.push(one);
    running += 1;
    most = Math.max(most, running);
    for (let turn = 0; turn < one; turn += 1) await Promise.resolve();
    running -= 1;
  });
  expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

test('a failure is not lost', async () => {
  const failing = atMost(2, [1, 2, 3], (one) =>
    one === 2 ? Promise.reject(new Error('two')) : Promise.resolve(),
  );
  await expect(failing).rejects.toThrow('two');
});
