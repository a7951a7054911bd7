import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Text with what differs from run to run made equal, at its own length so that columns stay
 * aligned: UIDs, ports of loopback servers, and the hexadecimal parts of AWS's and LBC's names.
 */
export function steady(text: string): string {
  const seen = new Map<string, number>();
  const number = (found: string): string => {
    const known = seen.get(found) ?? seen.size + 1;
    seen.set(found, known);
    return String(known);
  };
  return text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (uid) =>
      `uid-${number(uid)}`.padEnd(36, '.'),
    )
    .replace(/(127\.0\.0\.1:)\d+/g, '$1PORT.')
    .replace(/\b[0-9a-f]{16}\b/g, (id) => `id-${number(id)}`.padEnd(16, '.'))
    .replace(
      /\b(k8s-[a-z0-9]+-[a-z0-9]+-)([0-9a-f]{10})\b/g,
      (_, head: string, id: string) => head + `id${number(id)}`.padEnd(10, 'x'),
    );
}

/** Compares text with test/golden/NAME; UPDATE_GOLDEN=1 writes it. An empty text fails always. */
export function expectGolden(name: string, text: string): void {
  const file = join(import.meta.dirname, name);
  const actual = steady(text);
  expect(actual.trim()).not.toBe('');
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
  }
  if (!existsSync(file)) throw new Error(`${name} is missing: run once with UPDATE_GOLDEN=1`);
  expect(actual).toBe(readFileSync(file, 'utf8'));
}
