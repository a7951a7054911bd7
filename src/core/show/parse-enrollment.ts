import { type BaseIssue, safeParse } from 'valibot';
import { type Enrollment, enrollment } from '../observed/enrollment-document.ts';
import { known, unknown, type Reading } from '../model/problem.ts';

/** Where a value is: `ports[0].binding.tracked`. */
const pathOf = ({ path }: BaseIssue<unknown>): string =>
  (path ?? [])
    .map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');

/**
 * The Enrollment that `show -o yaml` or `-o json` wrote, from its parsed text. Unknown (`usage`) says
 * what is wrong, and where.
 */
export function parseEnrollment(document: unknown): Reading<Enrollment> {
  const parsed = safeParse(enrollment, document, { abortEarly: true });
  if (parsed.success) return known(parsed.output);
  const [issue] = parsed.issues;
  const place = pathOf(issue);
  return unknown({
    code: 'usage',
    message: `It is not an Enrollment as nlbmc show -o yaml writes it: ${place === '' ? 'the document' : place} ${issue.message}.`,
  });
}
