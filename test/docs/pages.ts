import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ScenarioName, scenarios } from '../../src/sandbox/scenarios/scenarios.ts';

export const root = join(import.meta.dirname, '..', '..');

/** A fenced shell block of a page. Its info string may say `exit=N`, `scenario=NAME`, `clusters=A,B`, `minutes=N`, `clock=virtual`. */
export interface Block {
  readonly page: string;
  readonly line: number;
  readonly text: string;
  readonly exit: number;
  readonly scenario?: ScenarioName;
  /** A world of its own, with these clusters. */
  readonly clusters?: readonly string[];
  /** What the page says has to pass before it is typed. */
  readonly minutes: number;
  /** It waits for minutes: handover.test.ts types it, on a clock that does not wait. */
  readonly patient?: true;
}

/** Every page of the root, below docs/, of the sandbox and of the lab, as paths from the root. */
export const pages: readonly string[] = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  'src/sandbox/README.md',
  'templates/lab/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
    .sort(),
];

export const readPage = (page: string): string => readFileSync(join(root, page), 'utf8');

/** The shell blocks (sh, bash, console, shell) of a page, in order. */
export function shellBlocks(page: string): Block[] {
  const text = readPage(page);
  return [...text.matchAll(/^```(?:sh|bash|shell|console)\b([^\n]*)\n(.*?)^```$/gms)].map((m) => {
    const named = /\bscenario=(\S+)/.exec(m[1] ?? '')?.[1];
    const scenario = (Object.keys(scenarios) as ScenarioName[]).find((name) => name === named);
    if (named && !scenario) throw new Error(`${page} names a scenario that is not there: ${named}`);
    const clusters = /\bclusters=(\S+)/.exec(m[1] ?? '')?.[1]?.split(',');
    return {
      page,
      line: text.slice(0, m.index).split('\n').length,
      text: m[2] ?? '',
      exit: Number(/\bexit=(\d+)/.exec(m[1] ?? '')?.[1] ?? 0),
      minutes: Number(/\bminutes=(\d+)/.exec(m[1] ?? '')?.[1] ?? 0),
      ...(scenario && { scenario }),
      ...(clusters && { clusters }),
      ...(/\bclock=virtual\b/.test(m[1] ?? '') && { patient: true as const }),
    };
  });
}

/** Blocks that wait for minutes. */
export const patientBlocks = (page: string): Block[] =>
  shellBlocks(page).filter(({ patient }) => patient);
