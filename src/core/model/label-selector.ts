type Labels = Readonly<Record<string, string>>;
interface Requirement {
  readonly key?: unknown;
  readonly operator?: unknown;
  readonly values?: unknown;
}

function holds({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = labels[String(key)];
  const listed = Array.isArray(values) && value !== undefined && values.includes(value);
  switch (operator) {
    case 'In':
      return listed;
    case 'NotIn':
      return !listed;
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      // The API server admits no other operator; a selector that cannot be read selects nothing.
      return false;
  }
}

/** Whether a LabelSelector (`matchLabels`, `matchExpressions`) selects the labels. Empty: all. */
export function selects(selector: Readonly<Record<string, unknown>>, labels: Labels): boolean {
  const exact = Object.entries((selector['matchLabels'] ?? {}) as Labels);
  const expressions = (selector['matchExpressions'] ?? []) as readonly Requirement[];
  return (
    exact.every(([key, value]) => labels[key] === value) &&
    expressions.every((requirement) => holds(requirement, labels))
  );
}
