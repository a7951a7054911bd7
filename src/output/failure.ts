import type { ExitCode, Problem } from '../core/model/problem.ts';
import type { Report } from '../core/plan/report.ts';
import type { Io } from '../io.ts';
import type { RunFlags } from './hint-text.ts';
import { jsonText, yamlText } from './document.ts';
import { problemLines } from './problem-lines.ts';
import { plainStyle } from './style.ts';
import { printed } from './wrap.ts';

const results: Partial<Record<ExitCode, string>> = {
  1: 'defect',
  5: 'refused',
  8: 'unknown',
  129: 'interrupted',
  130: 'interrupted',
  143: 'interrupted',
};

/**
 * Says why a command ended before it had anything to report: on stderr for people, and on stdout
 * as the one document that `-o json|yaml` promises, also for errors.
 */
export async function tellFailure(
  problem: Problem,
  exit: ExitCode,
  o: {
    readonly command: string;
    readonly format: 'table' | 'json' | 'yaml';
    readonly io: Io;
    readonly run: RunFlags;
  },
): Promise<void> {
  const { isTTY, columns } = o.io.stderr;
  const width = isTTY && columns ? { columns } : {};
  const style = { ...plainStyle(o.io.env, o.run), ...width };
  o.io.stderr.write(printed(problemLines(problem, style, 'bad', 'error'), style.columns));
  if (o.format === 'table') return;
  const report: Report = {
    apiVersion: 'nlbmc/v1',
    kind: 'Report',
    command: o.command,
    at: new Date(o.io.now()).toISOString(),
    exit,
    result: results[exit] ?? 'not started',
    message: problem.message,
    clusters: [],
    writes: [],
    problems: [problem],
    cautions: [],
    skips: [],
    progress: [],
  };
  o.io.stdout.write(o.format === 'json' ? jsonText(report, o.run) : await yamlText(report, o.run));
}
