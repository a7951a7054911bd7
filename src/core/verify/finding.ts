import type { Code } from '../model/codes.ts';
import type { Hint } from '../model/hint.ts';
import { problemKey } from '../model/problem-key.ts';
import type { About, Problem } from '../model/problem.ts';
import type { Part } from '../observed/port-case.ts';
import type { Target } from '../model/target.ts';
import { targetText } from '../model/target-key.ts';

/** What is wrong with one target. */
export interface Finding {
  readonly code: Code;
  /** Findings with one code and one cause are told together, with one thing to do. */
  readonly cause: string;
  readonly target: Target;
  readonly pod?: string;
  /** What is wrong, after the name of one target and after the number of several. */
  readonly one: string;
  readonly many: string;
  readonly hints: readonly Hint[];
  /** What is known of this target alone, behind its name in a list. */
  readonly detail?: string;
}

/** The identity of a finding: its code, its binding and its target. */
export const findingKey = (
  { member: { cluster, binding } }: Part,
  { code, target }: Pick<Finding, 'code' | 'target'>,
): string =>
  problemKey({ code, message: '', about: { cluster: cluster.context, binding, target } });

/** `10.0.2.1:80 (pod nginx-1)`. */
const nameOf = ({ target, pod }: Finding): string =>
  `${targetText(target)}${pod === undefined ? '' : ` (pod ${pod})`}`;

/** The name in a list, with what is known of this one alone. */
const lineOf = (finding: Finding): string =>
  finding.detail === undefined ? nameOf(finding) : `${nameOf(finding)}  ${finding.detail}`;

/** Hints that are the same data count once. */
const distinct = (hints: readonly Hint[]): readonly Hint[] => [
  ...new Map(hints.map((hint) => [JSON.stringify(hint), hint])).values(),
];

/**
 * Findings as problems: one for each code and cause, with the number of targets and their names.
 * What several of them say to do is said once. `where` follows the name of one and the number of
 * several: ` of sec`.
 */
export function problemsOf(
  findings: readonly Finding[],
  o: { readonly where: string; readonly about: About },
): readonly Problem[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.code, finding.cause]);
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return [...groups.values()].flatMap((group): readonly Problem[] => {
    const [first] = group;
    if (!first) return [];
    const { code, target, one, many } = first;
    const alone = group.length === 1;
    const hints = distinct(group.flatMap((finding) => finding.hints));
    return [
      {
        code,
        message: alone
          ? `${nameOf(first)}${o.where} ${one}.`
          : `${group.length} targets${o.where} ${many}.`,
        ...(alone ? {} : { details: group.map(lineOf) }),
        about: { ...o.about, target },
        ...(hints.length > 0 ? { hints } : {}),
      },
    ];
  });
}
