import { type Json, objectsAt, textAt, textMapAt, textsAt } from './json.ts';

/**
 * A LabelSelector as a request takes it (apimachinery pkg/labels, Selector.String). Undefined: it
 * selects everything or cannot be read.
 */
export function selectorText(selector: Json): string | undefined {
  const exact = Object.entries(textMapAt(selector, 'matchLabels')).map(
    ([key, value]) => `${key}=${value}`,
  );
  const others = objectsAt(selector, 'matchExpressions').map(requirementText);
  const all = [...exact, ...others].filter((text) => text !== undefined);
  return others.includes(undefined) || all.length === 0 ? undefined : all.join(',');
}

function requirementText(requirement: Json): string | undefined {
  const key = textAt(requirement, 'key');
  if (key === undefined) return undefined;
  const values = textsAt(requirement, 'values').join(',');
  switch (textAt(requirement, 'operator')) {
    case 'In':
      return `${key} in (${values})`;
    case 'NotIn':
      return `${key} notin (${values})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return undefined;
  }
}
