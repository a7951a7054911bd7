/** `1 target`, `3 targets`. */
export const count = (n: number, noun: string, plural = `${noun}s`): string =>
  `${n} ${n === 1 ? noun : plural}`;

/** `a`, `a and b`, `a, b and c`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** Clusters in a sentence: their names, or their number where the sentence could not be read any more. */
export const clustersText = (names: readonly string[]): string =>
  names.length > 8 ? `${names.length} clusters` : listed(names);

/** Changes of single characters that lead from one word to the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Up to five names, those most like the one that is missing first; `near`: a likely slip. */
export const nearest = (
  name: string,
  names: readonly string[],
): readonly { readonly name: string; readonly near: boolean }[] =>
  names
    .map((candidate) => ({ candidate, far: distance(name, candidate) }))
    .map((one) => ({ ...one, near: isSlip(name, one.candidate, one.far) }))
    .toSorted(
      (a, b) =>
        Number(b.near) - Number(a.near) || a.far - b.far || a.candidate.localeCompare(b.candidate),
    )
    .slice(0, 5)
    .map(({ candidate, near }) => ({ name: candidate, near }));

/** A third of the letters wrong (so is any swap of two), or a part left out or added. */
function isSlip(a: string, b: string, far: number): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const wrong = Math.min(Math.max(2, Math.floor(long.length / 3)), short.length - 1);
  return far <= wrong || (short.length > 2 && long.includes(short));
}
