import { advice } from '../core/model/hint.ts';
import { readFile } from 'node:fs/promises';
import type { Enrollment } from '../core/observed/enrollment-document.ts';
import { parseEnrollment } from '../core/show/parse-enrollment.ts';
import { ProblemError } from '../core/model/problem.ts';
import type { Io } from '../io.ts';

/**
 * The Enrollment in a file that `show -o yaml` or `-o json` wrote; `-` is stdin. Raises `usage` for
 * a file that cannot be read, or is something else.
 */
export async function readEnrollment(file: string, io: Io): Promise<Enrollment> {
  const text = await (file === '-' ? io.stdin.readAll() : readFile(file, 'utf8')).catch(
    (error: unknown) => {
      throw refused(file, `It cannot be read: ${error instanceof Error ? error.message : ''}.`);
    },
  );
  const { load } = await import('js-yaml');
  let document: unknown;
  try {
    document = load(text);
  } catch (error) {
    const [reason = ''] = error instanceof Error ? error.message.split('\n') : [];
    throw refused(file, `It is not one document in YAML or JSON: ${reason}.`);
  }
  const parsed = parseEnrollment(document);
  if (!parsed.ok) throw refused(file, parsed.problem.message);
  return parsed.value;
}

const refused = (file: string, why: string): ProblemError =>
  new ProblemError({
    code: 'usage',
    message: `--from ${file}: ${why}`,
    hints: [advice('Such a file is written by nlbmc show with -o yaml.')],
  });
