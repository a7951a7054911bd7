import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { attributeFaults, type Read } from '../attribute-faults.ts';
import { attributeTexts } from '../attribute-texts.ts';
import { parseNew } from '../../src/core/model/attribute-parsers.ts';
import type { Go } from './go.ts';

const COUNT = 75_000;
const SEED = 20_261_123;
/** Longer than it takes on the slowest machine. */
const LONGEST_MS = 600_000;

/** Builds the program that reads annotations with the parser in the controller's sources. */
export async function buildAttributeParser(
  go: Go,
  o: { readonly root: string; readonly source: string; readonly workshop: string },
  target: string,
): Promise<void> {
  const folder = join(o.root, 'test/lab/attribute-parser');
  const work = join(o.workshop, 'sources');
  const copy = (from: string, to: string, files: readonly string[]): void => {
    mkdirSync(to, { recursive: true });
    for (const file of files) {
      copyFileSync(join(from, file), join(to, file));
      // Files of the module cache may not be written, nor removed with their folder.
      chmodSync(join(to, file), 0o644);
    }
  };
  copy(folder, work, ['go.mod', 'go.sum', 'main.go']);
  const upstream = join(o.source, 'pkg/annotations');
  const files = readdirSync(upstream).filter((f) => f.endsWith('.go') && !f.endsWith('_test.go'));
  copy(upstream, join(work, 'annotations'), files);
  await go.run(['build', '-trimpath', '-buildvcs=false', '-o', target, '.'], work);
}

/**
 * Compares nlbmc's reading of the attributes annotation with that of the controller's own parser, on
 * random texts, the same ones each time. Gives a line for each disagreement.
 */
export function compareAttributes(program: string): readonly string[] {
  const texts = attributeTexts(COUNT, SEED);
  const answer = execFileSync(program, {
    input: JSON.stringify(texts),
    timeout: LONGEST_MS,
    maxBuffer: 2 ** 28,
    encoding: 'utf8',
  });
  const answers = JSON.parse(answer) as readonly (Readonly<Record<string, string>> | null)[];
  const known = new Map(texts.map((text, index) => [text, answers[index] ?? undefined]));
  // What nlbmc writes was not asked about; it is read as nlbmc reads the texts, which is compared here.
  const own: Read = (text) => {
    const items = parseNew(text);
    return 'kind' in items
      ? undefined
      : Object.fromEntries(items.map(({ key, value }) => [key, value]));
  };
  const sorted = (read: Readonly<Record<string, string>> | undefined): string =>
    JSON.stringify(read && Object.entries(read).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const read: Read = (text) => (known.has(text) ? known.get(text) : own(text));
  return texts.flatMap((text) => [
    ...(sorted(own(text)) === sorted(known.get(text))
      ? []
      : [`${JSON.stringify(text)}: read as ${sorted(own(text))}, not ${sorted(known.get(text))}`]),
    ...attributeFaults(text, 'new', [read]),
  ]);
}
