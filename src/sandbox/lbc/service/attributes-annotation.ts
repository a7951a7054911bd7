import { atLeast } from '../process/version.ts';

/** The words of pkg/annotations/parser.go for a `key=value` list that it cannot read. */
export class AnnotationError extends Error {}

/**
 * Reads a `k=v,k=v` annotation the way controller `version` does (pkg/annotations/parser.go,
 * ParseStringMapAnnotation). `annotation` is the full key, for the error's words; a later
 * duplicate of a key wins. Throws AnnotationError.
 */
export function parseStringMap(
  version: string,
  annotation: string,
  raw: string,
): ReadonlyMap<string, string> {
  const escapes = atLeast(version, '2.14.1');
  const result = new Map<string, string>();
  for (const item of escapes ? splitWithEscapes(raw) : splitPlainly(raw)) {
    const at = item.indexOf('=');
    // Up to v2.14.0 only the ends of an item were trimmed, not what is around its `=`.
    const key = escapes ? item.slice(0, at).trim() : item.slice(0, at);
    if (at < 0 || key === '') {
      throw new AnnotationError(`failed to parse stringMap annotation, ${annotation}: ${raw}`);
    }
    result.set(key, escapes ? item.slice(at + 1).trim() : item.slice(at + 1));
  }
  return result;
}

function splitPlainly(raw: string): string[] {
  return raw
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/**
 * Since v2.14.1: `\x` stands for any character x. A comma parts two items only if a `=` comes
 * later; with other text after it that text is an item of its own (and fails later); at the very
 * end the comma belongs to the value. Line breaks part nothing.
 */
function splitWithEscapes(raw: string): string[] {
  const items: string[] = [];
  let current = '';
  for (let i = 0; i < raw.length; i++) {
    if (raw[i] === '\\' && i + 1 < raw.length) {
      current += raw[++i];
      continue;
    }
    if (raw[i] !== ',') {
      current += raw[i];
      continue;
    }
    const rest = raw.slice(i + 1).trim();
    if (rest === '') {
      current += ',';
      continue;
    }
    items.push(current.trim());
    if (!rest.includes('=')) return [...items, rest];
    current = '';
  }
  return current === '' ? items : [...items, current.trim()];
}
