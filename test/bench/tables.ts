import type { BenchDocument, Large, Paired, Timed } from './document.ts';

const BEGIN = '<!-- npm run bench -- --write -->';
const END = '<!-- end -->';

/** The page with these tables in the place of its own. Throws for a page that has no place. */
export function pageWith(page: string, document: BenchDocument): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`the page has no ${BEGIN} and ${END}`);
  return `${before}${BEGIN}\n\n${tables(document)}\n${END}${after}`;
}

/** The document as tables for people. */
export function tables(document: BenchDocument): string {
  const { machine, at, skips } = document;
  const tools = ['kubectl', 'aws'] as const;
  const versions = [
    `Node ${machine.node}`,
    ...tools.flatMap((tool) => (machine[tool] ? [`${tool} ${machine[tool]}`] : [])),
  ];
  const size = `${machine.cores} cores, ${machine.memoryGib} GiB, load ${machine.load}`;
  return [
    `Measured on ${at.slice(0, 10)}: ${machine.cpu}, ${size}; ${versions.join(', ')}.`,
    ...skips,
    ...titled('Start-up', pairedTable(document.startUp)),
    ...titled('The walkthrough', pairedTable(document.walkthrough)),
    ...titled('Distance', pairedTable(document.roundTrips)),
    ...titled('Clusters', timedTable(document.clusters)),
    ...titled('Targets', largeTable(document.targets)),
    ...titled(
      'Requests',
      table(
        ['command', 'requests', 'sequential', 'connections', 'processes', 'memory, MiB'],
        document.wire.map((one) => [
          one.what,
          one.requests,
          one.sequential,
          one.connections,
          one.processes,
          one.memoryMib,
        ]),
      ),
    ),
    '',
  ].join('\n\n');
}

const titled = (title: string, lines: string | undefined): readonly string[] =>
  lines === undefined ? [] : [`### ${title}`, lines];

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
