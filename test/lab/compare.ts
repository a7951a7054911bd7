import { knownDifferences, type KnownDifference } from './known-differences.ts';
import type { Left } from './left.ts';

/**
 * What differs between the two worlds after a scenario, a line each with the path and the world that
 * has it; empty when they agree. Differences that are known are left out.
 */
export function differences(
  scenario: string,
  sandbox: Left,
  lab: Left,
  known: readonly KnownDifference[] = knownDifferences,
): string[] {
  const left = linesOf(sandbox, '');
  const right = linesOf(lab, '');
  const only = (world: string, lines: ReadonlySet<string>, others: ReadonlySet<string>) =>
    [...lines].filter((line) => !others.has(line)).map((line) => `only in the ${world}: ${line}`);
  return [...only('sandbox', left, right), ...only('lab', right, left)].filter(
    (line) => !known.some((one) => one.scenarios.test(scenario) && one.line.test(line)),
  );
}

/** Each leaf as `path = value`; the place of a text in its list does not count. */
function linesOf(value: unknown, path: string): Set<string> {
  if (typeof value !== 'object' || value === null) {
    return new Set([`${path} = ${JSON.stringify(value)}`]);
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return new Set([`${path} = ${Array.isArray(value) ? '[]' : '{}'}`]);
  const lines = new Set<string>();
  for (const [key, inner] of entries) {
    const isItem = Array.isArray(value) && (typeof inner !== 'object' || inner === null);
    const step = Array.isArray(value) ? `[${isItem ? '' : key}]` : `${path && '/'}${key}`;
    for (const line of linesOf(inner, path + step)) lines.add(line);
  }
  return lines;
}
