import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Wire } from './document.ts';
import type { Place } from './place.ts';
import { nlbmc } from './works.ts';

/** What a command line sends and starts: the module `counts` is loaded into it. */
export async function wireOf(
  bin: string,
  counts: string,
  line: string,
  place: Place,
): Promise<Wire> {
  const folder = mkdtempSync(join(tmpdir(), 'nlbmc-bench-'));
  const file = join(folder, 'counts.json');
  try {
    const more = {
      NODE_OPTIONS: `--import=${pathToFileURL(counts).href}`,
      NLBMC_BENCH_COUNTS: file,
    };
    await nlbmc(bin, line, { ...place, env: { ...place.env, ...more } });
    const counted = JSON.parse(readFileSync(file, 'utf8')) as Omit<Wire, 'what'>;
    return { what: line.split(' ')[0] ?? '', ...counted };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
