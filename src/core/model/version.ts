/** The numbers of a version such as `v2.10.0` or `3.5.0-rc1`; undefined when the text is none. */
function numbersOf(version: string): readonly number[] | undefined {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(version);
  return match ? match.slice(1).map((part) => Number(part ?? 0)) : undefined;
}

/** Whether a version comes before another; undefined: it cannot be told. */
export function isBefore(version: string, limit: string): boolean | undefined {
  const a = numbersOf(version);
  const b = numbersOf(limit);
  if (!a || !b) return undefined;
  for (const [index, wanted] of b.entries()) {
    const got = a[index] ?? 0;
    if (got !== wanted) return got < wanted;
  }
  return false;
}
