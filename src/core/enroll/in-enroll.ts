import type { Hint } from '../model/hint.ts';
import type { Problem } from '../model/problem.ts';
import type { Plan } from '../plan/plan.ts';

/** Options of `join` that `enroll` has not: with one of these, the join stays a command of its own. */
const OF_JOIN_ALONE: readonly string[] = ['target-group', 'from', 'adopt', 'force-conflicts'];

/**
 * The enroll that does what a join of one cluster would: it can be typed before the target groups are
 * shared, too. A missing Service may be made in all clusters; what else differs is one cluster's.
 */
function asEnroll(hint: Hint, all: readonly string[]): Hint {
  if (hint.kind !== 'nlbmc' || hint.command !== 'join') return hint;
  const { options } = hint;
  if (OF_JOIN_ALONE.some((name) => options[name] !== undefined)) return hint;
  const context = options['create-service'] === true ? all : options['context'];
  return { ...hint, command: 'enroll', options: { ...options, context } };
}

/** The plan of joins that are part of an enroll of `contexts`: what its problems say to type is an enroll. */
export function inEnroll(plan: Plan, contexts: readonly string[]): Plan {
  const told = (problems: readonly Problem[]): readonly Problem[] =>
    problems.map((one) =>
      one.hints ? { ...one, hints: one.hints.map((hint) => asEnroll(hint, contexts)) } : one,
    );
  const { blockers, cautions, leftOut } = plan;
  return {
    ...plan,
    blockers: told(blockers),
    cautions: told(cautions),
    ...(leftOut
      ? { leftOut: leftOut.map((one) => ({ ...one, problems: told(one.problems) })) }
      : {}),
  };
}
