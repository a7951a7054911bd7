import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchDocument } from './document.ts';
import {
  type Bench,
  clusters,
  machineHere,
  roundTrips,
  startUp,
  targets,
  walkthrough,
  wire,
} from './sections.ts';
import { rowsUntil } from './row.ts';
import { pageWith, tables } from './tables.ts';

const USAGE = `npm run bench -- [--json] [--write] [--runs N] [--minutes N] [--only startUp,walkthrough,…]

Measures nlbmc as it is built. --json prints one document, --write puts its tables into
docs/performance.md. After --minutes (default 10), what is left is not measured, and is named.
It never fails because of a time.
`;

const sections = { startUp, walkthrough, roundTrips, clusters, targets, wire };
const names = Object.keys(sections) as readonly (keyof typeof sections)[];

/** Measures what the command line names; gives the exit code. */
async function main(root: string, words: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      runs: { type: 'string', default: '7' },
      minutes: { type: 'string', default: '10' },
      only: { type: 'string', default: names.join(',') },
    },
  });
  const runs = Number(values.runs);
  const only = values.only.split(',');
  const stray = only.find((name) => !names.some((one) => one === name));
  const end = performance.now() + Number(values.minutes) * 60_000;
  if (values.help || !(runs >= 1) || !(end > 0) || stray !== undefined) {
    process.stderr.write(USAGE);
    return values.help ? 0 : 2;
  }
  const machine = machineHere();
  const tools = { kubectl: machine.kubectl !== undefined, aws: machine.aws !== undefined };
  const bin = join(root, 'bin', 'nlbmc.js');
  const skips: string[] = (['kubectl', 'aws'] as const)
    .filter((tool) => !tools[tool])
    .map((tool) => `The walkthrough's commands are not measured, because there is no ${tool}.`);
  for (const skip of skips) process.stderr.write(`${skip}\n`);
  const bench: Bench = {
    bin,
    counts: join(root, 'scripts', 'bench-counts.js'),
    runs,
    tools,
    row: rowsUntil(end, (why) => {
      process.stderr.write(`${why}\n`);
      skips.push(why);
    }),
  };

  const measured: Record<string, readonly object[]> = {};
  for (const name of names) {
    if (only.includes(name)) process.stderr.write(`measuring ${name} …\n`);
    measured[name] = only.includes(name) ? await sections[name](bench) : [];
  }
  const document = {
    apiVersion: 'nlbmc/v1',
    kind: 'Benchmark',
    at: new Date().toISOString(),
    machine,
    skips,
    ...measured,
  } as unknown as BenchDocument;
  process.stdout.write(
    values.json ? `${JSON.stringify(document, undefined, 2)}\n` : tables(document),
  );
  if (values.write) {
    const page = join(root, 'docs', 'performance.md');
    writeFileSync(page, pageWith(readFileSync(page, 'utf8'), document));
  }
  return 0;
}

process.exitCode = await main(process.argv[2] ?? '', process.argv.slice(3));
