/**
 * A value as Go's `%v` prints it, which kube-apiserver's messages show: `map[a:1 b:[x y]]`. Keys
 * are sorted.
 */
export function goValue(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goValue).join(' ')}]`;
  if (typeof value !== 'object') return String(value);
  const parts = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, part]) => `${key}:${goValue(part)}`);
  return `map[${parts.join(' ')}]`;
}
