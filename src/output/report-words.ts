import type { Problem } from '../core/model/problem.ts';
import type { Report } from '../core/plan/report.ts';
import type { Tone } from './style.ts';

/** How an exit code looks. */
export const toneOf = (exit: number): Tone => (exit === 0 ? 'good' : exit === 4 ? 'warn' : 'bad');

/** What a problem of this report did to it. */
export function wordFor(report: Report, problem: Problem): string {
  if (report.plan?.unmended?.includes(problem)) return 'not repaired';
  if (report.exit === 5) return 'refused';
  return report.exit === 8 ? 'unknown' : 'failed';
}
