import type { DeleteOptions } from '../cluster/deletion.ts';
import type { Writer } from '../cluster/writer.ts';
import { badValue, notAllowed, required, unsupported } from '../faults.ts';
import type { FieldValidation } from '../schema/decode.ts';
import { badRequest, invalid } from '../status-error.ts';
import type { FieldError } from '../status-error.ts';
import type { Request } from './exchange.ts';
import { count, flag } from './verb.ts';

type Kind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions';

const POLICIES = ['Foreground', 'Background', 'Orphan'];
const VALIDATIONS = ['', 'Ignore', 'Strict', 'Warn'];
const LONGEST_MANAGER = 128;

/** A DELETE with a body is judged by the body alone (apiserver, endpoints/handlers/delete.go). */
const bodyDecides = ({ method, body }: Request): boolean =>
  method === 'DELETE' && body !== undefined;

/** What the request says of dryRun, in the query or in the body of a DELETE. */
function dryRunOf(request: Request): readonly unknown[] {
  if (!bodyDecides(request)) return request.query.getAll('dryRun');
  const inBody = (request.body as { dryRun?: unknown } | null)?.dryRun;
  return Array.isArray(inBody) ? (inBody as readonly unknown[]) : [];
}

/** Whether the request only rehearses. */
export function isDryRun(request: Request): boolean {
  return dryRunOf(request).includes('All');
}

function dryRunFaults(asked: readonly unknown[]): FieldError[] {
  return asked.every((value) => value === 'All') ? [] : [unsupported('dryRun', asked, ['All'])];
}

function refuse(kind: Kind, faults: readonly FieldError[]): void {
  if (faults.length > 0) throw invalid({ group: 'meta.k8s.io', kind }, '', faults);
}

/**
 * Who writes and how, as the query says. Raises 422 for options that cannot be, before anything is
 * looked for. Source: apimachinery pkg/apis/meta/v1/validation/validation.go, ValidatePatchOptions and its like.
 */
export function writerOf(request: Request, kind: Kind, applies = false): Writer {
  const { query, headers, user } = request;
  const manager = query.get('fieldManager') ?? '';
  const validation = query.get('fieldValidation') ?? '';
  if (kind !== 'DeleteOptions')
    refuse(kind, [
      ...(applies && !manager ? [required('fieldManager', 'is required for apply patch')] : []),
      ...(kind === 'PatchOptions' && !applies && query.has('force')
        ? [notAllowed('force', 'may not be specified for non-apply patch')]
        : []),
      ...(Buffer.byteLength(manager) > LONGEST_MANAGER
        ? [
            {
              field: 'fieldManager',
              message: `Too long: may not be more than ${LONGEST_MANAGER} bytes`,
              reason: 'FieldValueTooLong',
            },
          ]
        : []),
      ...dryRunFaults(dryRunOf(request)),
      ...(VALIDATIONS.includes(validation)
        ? []
        : [unsupported('fieldValidation', validation, VALIDATIONS)]),
    ]);
  const agent = String(headers['user-agent'] ?? '').split('/')[0]!;
  return {
    actor: user.name,
    manager: manager || agent || 'unknown',
    dryRun: isDryRun(request),
    force: flag(query, 'force'),
    fieldValidation: (validation || 'Warn') as FieldValidation,
    warn: (text) => request.warn(text),
  };
}

const inQuery = ({ query }: Request): object => ({
  propagationPolicy: query.get('propagationPolicy') ?? undefined,
  gracePeriodSeconds: count(query, 'gracePeriodSeconds'),
  orphanDependents: query.has('orphanDependents') ? flag(query, 'orphanDependents') : undefined,
});

/** Raises 400 for a body of another kind, 422 for options that cannot be. Source: ValidateDeleteOptions. */
export function deleteOptions(request: Request): DeleteOptions {
  const body = request.body as { kind?: unknown } | undefined;
  if (bodyDecides(request)) {
    const options = typeof body === 'object' && body !== null && !Array.isArray(body);
    if (!options || (body.kind !== undefined && body.kind !== 'DeleteOptions'))
      throw badRequest('decoded object cannot be converted to DeleteOptions');
  }
  const given = (bodyDecides(request) ? body : inQuery(request)) as DeleteOptions & {
    readonly orphanDependents?: boolean;
  };
  const { propagationPolicy: policy, gracePeriodSeconds: grace, orphanDependents } = given;
  const at = 'propagationPolicy';
  refuse('DeleteOptions', [
    ...(policy && orphanDependents !== undefined
      ? [badValue(at, policy, 'orphanDependents and deletionPropagation cannot be both set')]
      : []),
    ...(policy && !POLICIES.includes(policy)
      ? [unsupported(at, policy, [...POLICIES, 'nil'])]
      : []),
    ...dryRunFaults(dryRunOf(request)),
  ]);
  return {
    ...(given.preconditions && { preconditions: given.preconditions }),
    ...(policy && { propagationPolicy: policy }),
    ...(orphanDependents && { propagationPolicy: 'Orphan' as const }),
    ...(grace !== undefined && { gracePeriodSeconds: grace }),
  };
}
