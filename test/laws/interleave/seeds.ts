import { fullSize } from '../../full-size.ts';

const { SEED, SEEDS } = process.env;

/** Half of the seeds to play, the even or the odd ones: two workers share them. */
export function seedsOf(half: 0 | 1): readonly number[] {
  if (SEED !== undefined) return Number(SEED) % 2 === half ? [Number(SEED)] : [];
  const count = Number(SEEDS ?? (fullSize ? 500 : 10));
  return Array.from({ length: count }, (_, i) => i + 1).filter((seed) => seed % 2 === half);
}
