import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Text with what differs from run to run made equal, at its own length so that columns stay
 * aligned: UIDs, ports of loopback servers, the hexadecimal parts of AWS's and LBC's names, times.
 */
export function steady(text: string): string {
  const seen = new Map<string, number>();
  const number = (found: string): string => {
    const known = seen.get(found) ?? seen.size + 1;
    seen.set(found, known);
    return String(known);
  };
  const same = (prefix: string) => (found: string) =>
    `${prefix}${number(found)}`.padEnd(found.length, '.');
  return text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, same('uid-'))
    .replace(/(127\.0\.0\.1:)\d+/g, '$1PORT.')
    .replace(/\bsg-[0-9a-f]{17}\b/g, same('sg-'))
    .replace(/\bvpc-[0-9a-f]{17}\b/g, same('vpc-'))
    .replace(/\b[0-9a-f]{16}\b/g, same('id-'))
    .replace(/\b(?<=k8s-[a-z0-9]+-[a-z0-9]+-)[0-9a-f]{10}\b/g, same('id'))
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'YYYY-MM-DDTHH:MM:SS.mmmZ')
    .replace(/\d\d:\d\d:\d\dZ/g, 'HH:MM:SSZ')
    .replace(/^(HH:MM:SSZ waiting), \d+s$/gm, '$1, Ns');
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
