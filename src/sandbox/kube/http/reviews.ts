import { invalid, methodNotAllowed } from '../status-error.ts';
import { required } from '../faults.ts';
import { json } from './exchange.ts';
import type { Answer, Request } from './exchange.ts';

interface ReviewSpec {
  readonly user?: string;
  readonly nonResourceAttributes?: object;
  readonly resourceAttributes?: {
    readonly verb?: string;
    readonly group?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
}

/** The two questions one may ask of authorization.k8s.io/v1. */
export const reviewKinds: Readonly<Record<string, string>> = {
  selfsubjectaccessreviews: 'SelfSubjectAccessReview',
  subjectaccessreviews: 'SubjectAccessReview',
};

const ROOT = '/apis/authorization.k8s.io/v1/';

/** The kind of review a path stands for, if any. */
export function reviewAt(path: string): string | undefined {
  return path.startsWith(ROOT) ? reviewKinds[path.slice(ROOT.length)] : undefined;
}

/** POST of an access review: answered from the access rules, nothing is stored. */
export function review(request: Request, kind: string): Answer {
  if (request.method !== 'POST') throw methodNotAllowed();
  const spec = (request.body as { spec?: ReviewSpec } | undefined)?.spec ?? {};
  const group = 'authorization.k8s.io';
  const asked = spec.resourceAttributes;
  if (!asked && !spec.nonResourceAttributes)
    throw invalid({ group, kind }, '', [
      required(
        'spec.resourceAttributes',
        'exactly one of nonResourceAttributes or resourceAttributes must be specified',
      ),
    ]);
  const user = kind === 'SelfSubjectAccessReview' ? request.user : spec.user;
  if (!user)
    throw invalid({ group, kind }, '', [
      required('spec.user', 'at least one of user or group must be specified'),
    ]);
  const allowed =
    !asked ||
    request.cluster.access.allows({
      user,
      verb: asked.verb ?? '',
      group: asked.group ?? '',
      resource: asked.resource ?? '',
      ...(asked.subresource && { subresource: asked.subresource }),
      ...(asked.namespace && { namespace: asked.namespace }),
      ...(asked.name && { name: asked.name }),
    });
  const reason = allowed ? { reason: 'RBAC: allowed by the practice cluster' } : {};
  const body = {
    kind,
    apiVersion: `${group}/v1`,
    metadata: {},
    spec,
    status: { allowed, ...reason },
  };
  return json(body, 201);
}
