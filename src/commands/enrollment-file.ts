import { readFile } from 'node:fs/promises';
import type { Enrollment } from '../core/observed/enrollment-document.ts';
import type { FromFile } from '../core/model/intent.ts';
import { evidenceIn, MAX_AGE_MS, type Recorded } from '../core/observed/evidence.ts';
import { parseEnrollment } from '../core/show/parse-enrollment.ts';
import { ProblemError } from '../core/model/problem.ts';
import type { World } from '../engine/world.ts';
import type { Place, PlaceOptions } from './named-place.ts';
import { serviceNames } from './service-names.ts';
import type { Io } from '../io.ts';
import { usageError } from './usage-error.ts';

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

/**
 * The document of `--from` as evidence about clusters to which there is no connection; undefined: none
 * was named. Raises `usage` for a file that is something else, was cut or edited, or is about another
 * Service than `name`, and for an age without a document.
 */
export async function recordedBy(
  { from, maxAge }: { readonly from?: string | undefined; readonly maxAge?: number | undefined },
  { name, io }: { readonly name: string | undefined; readonly io: Io },
): Promise<Recorded | undefined> {
  if (from === undefined) {
    if (maxAge === undefined) return undefined;
    throw usageError('--max-age works only with --from.', 'Add --from.');
  }
  const read = evidenceIn(await readEnrollment(from, io));
  if (!read.ok) throw refused(from, read.problem.message);
  if (name !== undefined) aboutService(from, read.value, { name });
  return { file: from, document: read.value, maxAgeMs: maxAge ?? MAX_AGE_MS };
}

/** The document of a run, as the hints of that run carry it on. */
export const fromOf = ({ file, maxAgeMs }: Recorded): FromFile => ({
  file,
  ...(maxAgeMs === MAX_AGE_MS ? {} : { maxAgeMs }),
});

/** Raises `usage` where the document is about another Service than the one that was typed. */
export function aboutService(
  from: string,
  { metadata }: Enrollment,
  { namespace = metadata.namespace, name }: { readonly namespace?: string; readonly name: string },
): void {
  if (metadata.name === name && metadata.namespace === namespace) return;
  const typed = metadata.namespace === namespace ? name : `${namespace}/${name}`;
  throw new ProblemError({
    code: 'usage',
    message: `--from ${from}: this is the Enrollment of Service ${metadata.namespace}/${metadata.name}, not of ${typed}.`,
  });
}

/** The Service and the target groups of a document. Raises `usage` for another namespace than its own. */
export function recordedPlace(
  { file, document }: Recorded,
  world: World,
  { namespace, localService }: Pick<PlaceOptions, 'namespace' | 'localService'>,
): Place {
  const { name } = document.metadata;
  if (namespace !== undefined) aboutService(file, document, { namespace, name });
  const names = serviceNames(name, world, {
    namespace: document.metadata.namespace,
    localService,
  });
  return { ...names, named: document.ports.map(({ targetGroup }) => targetGroup.arn) };
}

const refused = (file: string, why: string): ProblemError =>
  usageError(`--from ${file}: ${why}`, 'Such a file is written by nlbmc show with -o yaml.');
