/**
 * Whether controller version `version` (`v2.9.1`, `2.9`, a suffix after `-` is ignored) is `than` or
 * later. A missing part counts as 0.
 */
export function atLeast(version: string, than: string): boolean {
  const left = parts(version);
  const right = parts(than);
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function parts(version: string): number[] {
  return version.replace(/^v/, '').replace(/-.*$/, '').split('.').map(Number);
}
