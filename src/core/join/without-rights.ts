import { noted } from '../model/hint.ts';
import type { JoinIntent } from '../model/intent.ts';
import { joinHint, showIntoHint } from '../model/nlbmc-hints.ts';
import type { Problem } from '../model/problem.ts';

/** Of a cluster that the person may not read, a document can take the place. */
export function withoutRights(
  problems: readonly Problem[],
  { intent, context }: { readonly intent: JoinIntent; readonly context: string },
): readonly Problem[] {
  if (context !== intent.primary || context === intent.context) return problems;
  const { primary: _, ...without } = intent;
  const file = 'enrollment.yaml';
  const hints = [
    noted(showIntoHint(intent, [context], file), `by a person who may read ${context}`),
    noted(joinHint({ ...without, from: { file } }), 'then, with that file'),
  ];
  return problems.map((problem) =>
    problem.code === 'api-forbidden'
      ? { ...problem, hints: [...(problem.hints ?? []), ...hints] }
      : problem,
  );
}
