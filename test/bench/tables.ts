import type { BenchDocument, Large, Paired, Timed, Wire } from './document.ts';

const BEGIN = '<!-- npm run bench -- --write -->';
const END = '<!-- end -->';

/**
 * The page with these tables in the place of its own; those that were not measured stay. Throws for a page
 * that has no place.
 */
export function pageWith(page: string, document: BenchDocument): string {
  const [before, rest] = page.split(BEGIN);
  const [old, after] = rest?.split(END) ?? [];
  if (old === undefined || after === undefined)
    throw new Error(`the page has no ${BEGIN} and ${END}`);
  const measured = new Map(blocks(document));
  const kept = old.split(/^(?=### )/m).filter((block) => block.startsWith('### '));
  const titles = [...kept.map(titleOf), ...measured.keys()];
  const all = [...new Set(titles)].map(
    (title) => measured.get(title) ?? kept.find((block) => titleOf(block) === title)?.trim(),
  );
  return `${before}${BEGIN}\n\n${all.join('\n\n')}\n\n${END}${after}`;
}

const titleOf = (block: string): string => /^### (.*)/.exec(block)?.[1] ?? '';

/** The document as tables for people. */
export const tables = (document: BenchDocument): string =>
  [...blocks(document).map(([, block]) => block), ...document.skips, ''].join('\n\n');

/** Each table with its title, and with the machine and the load that it was measured under. */
function blocks(document: BenchDocument): readonly (readonly [title: string, block: string])[] {
  const { machine, at } = document;
  const tools = ['kubectl', 'aws'] as const;
  const versions = [
    `Node ${machine.node}`,
    ...tools.flatMap((tool) => (machine[tool] ? [`${tool} ${machine[tool]}`] : [])),
  ];
  const size = `${machine.cores} cores, ${machine.memoryGib} GiB, load ${machine.load}`;
  const where = `Measured on ${at.slice(0, 10)}: ${machine.cpu}, ${size}; ${versions.join(', ')}.`;
  const found = [
    ['Start-up', pairedTable(document.startUp)],
    ['The walkthrough', pairedTable(document.walkthrough)],
    ['Distance', pairedTable(document.roundTrips)],
    ['Clusters', timedTable(document.clusters)],
    ['Targets', largeTable(document.targets)],
    ['Requests', wireTable(document.wire)],
  ] as const;
  return found.flatMap(([title, lines]) =>
    lines === undefined ? [] : [[title, `### ${title}\n\n${where}\n\n${lines}`] as const],
  );
}

const wireTable = (rows: readonly Wire[]): string | undefined =>
  table(
    ['command', 'requests', 'sequential', 'connections', 'processes', 'memory, MiB'],
    rows.map((one) => [
      one.what,
      one.requests,
      one.sequential,
      one.connections,
      one.processes,
      one.memoryMib,
    ]),
  );

const pairedTable = (rows: readonly Paired[]): string | undefined =>
  table(
    ['A', 'B', 'goal', 'A / B, CPU', 'A / B, time', 'A, CPU ms', 'B, CPU ms', 'pairs'],
    rows.map((one) => [
      one.what,
      one.against,
      one.goal ?? '',
      one.cpuRatio,
      one.wallRatio,
      one.a.cpuMs,
      one.b.cpuMs,
      one.runs,
    ]),
  );

const timedTable = (rows: readonly Timed[]): string | undefined =>
  table(
    ['work', 'time, ms', 'CPU, ms', 'runs'],
    rows.map((one) => [one.what, one.wallMs, one.cpuMs, one.runs]),
  );

/** What the targets cost more than the fewest of them do is what they cost. */
const largeTable = (rows: readonly Large[]): string | undefined =>
  table(
    ['work', 'time, ms', 'CPU, ms', 'memory, MiB', 'more CPU, ms', 'more memory, MiB', 'runs'],
    rows.map((one) => [
      one.what,
      one.wallMs,
      one.cpuMs,
      one.memoryMib,
      Math.round(one.cpuMs - (rows[0]?.cpuMs ?? 0)),
      one.memoryMib - (rows[0]?.memoryMib ?? 0),
      one.runs,
    ]),
  );

function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string | undefined {
  if (rows.length === 0) return undefined;
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
