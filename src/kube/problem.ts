import { advice, kubectlHint, type ToolHint } from '../core/model/hint.ts';
import type { About, Problem } from '../core/model/problem.ts';
import { redact } from '../core/model/redact.ts';
import { describeConnection } from './connection-cause.ts';
import type { Failure, Subject } from './failure.ts';
import { objectAt, objectsAt, textAt } from './json.ts';
import { admissionProblem } from './admission-problem.ts';

/** The cluster a request went to, and how long it was allowed to take. */
export interface Place {
  readonly context: string;
  readonly server: string;
  readonly requestTimeoutMs: number;
  /** The proxy that requests go through, as messages name it. */
  readonly through?: string;
}

/** Turns a failed request into a Problem: the only place where Kubernetes errors get their words. */
export function problemOf(failure: Failure, subject: Subject, place: Place): Problem {
  const cluster = place.context;
  const about = { cluster };
  switch (failure.kind) {
    case 'status':
      return { about: aboutRequest(cluster, subject), ...ofStatus(failure, subject, place) };
    case 'connection':
      return { about, ...describeConnection(failure, place) };
    case 'timeout':
      return {
        about,
        code: 'api-unreachable',
        message: `The Kubernetes API of ${cluster} at ${place.server}${place.through ? ` through ${place.through}` : ''} timed out after ${place.requestTimeoutMs / 1000} s, asked to ${doing(subject)}.`,
        hints: [
          advice(
            'Check the VPN and the addresses that the API server allows. --request-timeout 60s waits longer.',
          ),
        ],
      };
    case 'interrupted':
      return {
        about,
        code: 'interrupted',
        message: `Interrupted while ${cluster} was asked to ${doing(subject)}.`,
      };
    case 'too-large':
    case 'malformed':
      return {
        about: aboutRequest(cluster, subject),
        code: 'answer-malformed',
        message: `${cluster} was asked to ${doing(subject)}, and ${
          failure.kind === 'malformed'
            ? 'the answer is not a JSON object'
            : 'the answer is too large to read'
        }.`,
        hints: [kubectlHint({ context: cluster }, 'version')],
      };
    case 'no-credential':
      return { about, ...failure.problem, message: `${cluster}: ${failure.problem.message}` };
  }
}

const aboutRequest = (cluster: string, subject: Subject): About => ({
  cluster,
  request: doing(subject),
});

function ofStatus(failure: Failure & { kind: 'status' }, subject: Subject, place: Place): Problem {
  const said = sentence(failure);
  const details = said ? [`the API server says: ${said}`] : [];
  const { context } = place;
  const admission = admissionProblem(said, context) ?? strippedProblem(said, context, details);
  if (admission) return admission;
  switch (failure.status) {
    case 401:
      return {
        about: { cluster: context },
        code: 'credentials-refused',
        message: `The Kubernetes API of ${context} does not accept the credentials of the kubeconfig.`,
        hints: [kubectlHint({ context }, 'auth', 'whoami')],
        details,
      };
    case 403:
      return {
        code: 'api-forbidden',
        message: `You may not ${doing(subject)} in cluster ${context}.`,
        hints: [canI(subject, context)],
        details,
      };
    case 404:
      return notFound(failure, subject, place, details);
    case 409:
      return conflict(failure, subject, context, details);
    case 415:
      return {
        code: 'api-error',
        message: `${context} does not support the kind of patch that was sent to ${doing(subject)}.`,
        hints: [advice('Server-side apply needs Kubernetes 1.22 or newer.')],
        details,
      };
    case 429:
      return {
        code: 'api-throttled',
        message: `The Kubernetes API of ${context} is overloaded and refused several times to ${doing(subject)}.`,
        hints: [advice('Run the command again later.')],
        details,
      };
    case 400:
    case 422:
      return {
        code: 'admission-denied',
        message: `Cluster ${context} refused to ${doing(subject)}: the object is not valid.`,
        details,
      };
    default:
      return {
        code: 'api-error',
        message: `The Kubernetes API of ${context} answered ${failure.status} when asked to ${doing(subject)}.`,
        hints: [kubectlHint({ context }, 'get', '--raw', '/readyz?verbose')],
        details,
      };
  }
}

function notFound(
  failure: Failure & { kind: 'status' },
  subject: Subject,
  place: Place,
  details: string[],
): Problem {
  const missing = objectAt(failure.body, 'details');
  // The server tells a missing object from a kind it does not know by filling in `details.name`.
  if (!textAt(missing, 'name')) {
    return {
      code: subject.resource === 'targetgroupbindings' ? 'crd-missing' : 'api-error',
      message: `Cluster ${place.context} does not know ${resourceOf(subject)}.`,
      hints: [kubectlHint({ context: place.context }, 'api-resources')],
      details,
    };
  }
  return {
    code: 'object-missing',
    message: `There is no ${textAt(missing, 'kind') ?? subject.resource} "${textAt(missing, 'name') ?? ''}" in cluster ${place.context}, needed to ${doing(subject)}.`,
    details,
  };
}

function conflict(
  failure: Failure & { kind: 'status' },
  subject: Subject,
  context: string,
  details: string[],
): Problem {
  const fields = objectsAt(objectAt(failure.body, 'details'), 'causes').filter(
    (cause) => textAt(cause, 'reason') === 'FieldManagerConflict',
  );
  if (fields.length === 0) {
    return {
      code: 'object-changed',
      message: `${subject.resource} "${subject.name ?? ''}" in cluster ${context} was changed by somebody else meanwhile.`,
      hints: [advice('Run the command again: it starts from what is there now.')],
      details,
    };
  }
  return {
    code: 'field-conflict',
    message: `${fields.length === 1 ? 'A field' : `${fields.length} fields`} of ${subject.resource} "${subject.name ?? ''}" in cluster ${context} belong to another manager.`,
    hints: [
      advice(
        'Change the fields where that manager gets them from, or run the command again with --force-conflicts.',
      ),
    ],
    details: fields.map(
      (cause) => `${textAt(cause, 'field') ?? '?'}: ${textAt(cause, 'message') ?? '?'}`,
    ),
  };
}

/** A field that the CRD lacks: 500 from an apply, 400 from the strict reading of anything else. */
function strippedProblem(said: string, context: string, details: string[]): Problem | undefined {
  if (!/field not declared in schema|strict decoding error: unknown field/.test(said))
    return undefined;
  return {
    code: 'field-stripped',
    message: `The CRD in cluster ${context} does not have a field that would be written.`,
    hints: [
      advice(
        'Upgrade the CRDs of the AWS Load Balancer Controller: helm upgrade does not upgrade them.',
      ),
    ],
    details,
  };
}

/** The words of the answer: those of a Status, else the text of a proxy or load balancer. */
function sentence(failure: Failure & { kind: 'status' }): string {
  const said = failure.body ? textAt(failure.body, 'message') : failure.text;
  return redact(said ?? '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 600);
}

const resourceOf = (subject: Subject): string =>
  subject.group ? `${subject.resource}.${subject.group}` : subject.resource;

/** `list targetgroupbindings.elbv2.k8s.aws in all namespaces`, as a person's rights are spelled. */
function doing(subject: Subject): string {
  const name = subject.name === undefined ? '' : ` "${subject.name}"`;
  const where =
    subject.namespace === undefined
      ? subject.verb === 'list'
        ? ' in all namespaces'
        : ''
      : ` in namespace ${subject.namespace}`;
  const part = subject.subresource === undefined ? '' : `/${subject.subresource}`;
  return `${subject.verb} ${resourceOf(subject)}${part}${name}${where}`;
}

function canI(subject: Subject, context: string): ToolHint {
  const name = subject.name && subject.verb !== 'create' ? `/${subject.name}` : '';
  const { namespace, verb, subresource } = subject;
  const all = namespace === undefined && verb === 'list' ? ['-A'] : [];
  const part = subresource === undefined ? [] : [`--subresource=${subresource}`];
  const where = { context, ...(namespace === undefined ? {} : { namespace }) };
  return kubectlHint(
    where,
    'auth',
    'can-i',
    verb,
    `${resourceOf(subject)}${name}`,
    ...part,
    ...all,
  );
}

/** Whether the answer is that of a server which does not serve the kind at all. */
export const isKindUnknown = (failure: Failure): boolean =>
  failure.kind === 'status' &&
  failure.status === 404 &&
  !textAt(objectAt(failure.body, 'details'), 'name');
