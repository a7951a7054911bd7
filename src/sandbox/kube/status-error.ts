/** One field's fault: `message` is without the field, as in `Required value`. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
  /** metav1.CauseType, such as `FieldValueRequired`. */
  readonly reason: string;
}

/** metav1.Status of a failure. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: { readonly continue?: string };
  readonly status: 'Failure';
  readonly message: string;
  readonly reason: string;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly uid?: string;
    readonly causes?: readonly FieldError[];
    readonly retryAfterSeconds?: number;
  };
  readonly code: number;
}

type Details = NonNullable<Status['details']>;
type Named = { readonly group: string; readonly plural: string };
type Kinded = { readonly group: string; readonly kind: string };

/** What the API server answers instead of an object. Wording: apimachinery pkg/api/errors/errors.go. */
export class StatusError extends Error {
  readonly status: Status;

  constructor(status: Status) {
    super(status.message);
    this.name = 'StatusError';
    this.status = status;
  }
}

/** Any failure, where no constructor below has the words for it. */
export function failure(
  code: number,
  reason: string,
  message: string,
  details?: Details,
): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(details ? { details } : {}),
    code,
  });
}

function qualified(named: Named): string {
  return named.group ? `${named.plural}.${named.group}` : named.plural;
}

function detailsOf(named: Named, name: string): Details {
  return {
    ...(name ? { name } : {}),
    ...(named.group ? { group: named.group } : {}),
    kind: named.plural,
  };
}

export function notFound(named: Named, name: string): StatusError {
  const message = `${qualified(named)} "${name}" not found`;
  return failure(404, 'NotFound', message, detailsOf(named, name));
}

export function alreadyExists(named: Named, name: string): StatusError {
  const message = `${qualified(named)} "${name}" already exists`;
  return failure(409, 'AlreadyExists', message, detailsOf(named, name));
}

const STALE =
  'the object has been modified; please apply your changes to the latest version and try again';

/** 409; without `why` the words for a stale resourceVersion. */
export function conflict(named: Named, name: string, why = STALE): StatusError {
  const message = `Operation cannot be fulfilled on ${qualified(named)} "${name}": ${why}`;
  return failure(409, 'Conflict', message, detailsOf(named, name));
}

/** 403; `name` is empty where a whole collection is meant. */
export function forbidden(named: Named, name: string, why: string): StatusError {
  const what = name ? `${qualified(named)} "${name}"` : qualified(named);
  return failure(403, 'Forbidden', `${what} is forbidden: ${why}`, detailsOf(named, name));
}

/** 422 for an object that breaks its kind's rules; `causes` has at least one. */
export function invalid(kinded: Kinded, name: string, causes: readonly FieldError[]): StatusError {
  const kind = kinded.group ? `${kinded.kind}.${kinded.group}` : kinded.kind;
  const said = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const list = said.length === 1 ? said[0] : `[${said.join(', ')}]`;
  return failure(422, 'Invalid', `${kind} "${name}" is invalid: ${list}`, {
    ...(name ? { name } : {}),
    ...(kinded.group ? { group: kinded.group } : {}),
    kind: kinded.kind,
    causes,
  });
}

export function badRequest(message: string): StatusError {
  return failure(400, 'BadRequest', message);
}

/** 422 for a request that is well formed and cannot be carried out, such as a failed JSON patch. */
export function unprocessable(message: string): StatusError {
  return failure(422, 'Invalid', message);
}

export function unauthorized(): StatusError {
  return failure(401, 'Unauthorized', 'Unauthorized');
}

export function methodNotAllowed(): StatusError {
  const message = 'the server does not allow this method on the requested resource';
  return failure(405, 'MethodNotAllowed', message);
}

/** 415; `accepted` are the media types that the endpoint takes. */
export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return failure(415, 'UnsupportedMediaType', message);
}

export function notAcceptable(offered: readonly string[]): StatusError {
  const message = `only the following media types are accepted: ${offered.join(', ')}`;
  return failure(406, 'NotAcceptable', message);
}

/** 410: a resourceVersion that is no longer kept. */
export function expired(message: string): StatusError {
  return failure(410, 'Expired', message);
}

export function tooLarge(message: string): StatusError {
  return failure(413, 'RequestEntityTooLarge', message);
}

export function internal(message: string): StatusError {
  return failure(500, 'InternalError', `Internal error occurred: ${message}`, {
    causes: [{ reason: '', message, field: '' }],
  });
}
