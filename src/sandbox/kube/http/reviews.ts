import { ADMINISTRATOR } from '../cluster/access.ts';
import type { PolicyRule, User } from '../cluster/rbac.ts';
import { userNamed } from '../cluster/rbac.ts';
import { badValue, required } from '../faults.ts';
import { invalid, methodNotAllowed } from '../status-error.ts';
import { json } from './exchange.ts';
import type { Answer, Request } from './exchange.ts';

interface ReviewSpec {
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly namespace?: string;
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
  readonly resourceAttributes?: {
    readonly verb?: string;
    readonly group?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
}

const AUTHORIZATION = 'authorization.k8s.io';
const AUTHENTICATION = 'authentication.k8s.io';

/** Questions about rights and identity: they are created, answered, and never kept. */
export interface ReviewKind {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

const of = (group: string, kind: string): ReviewKind => ({
  group,
  kind,
  plural: `${kind.toLowerCase()}s`,
});

export const reviewKinds: readonly ReviewKind[] = [
  of(AUTHENTICATION, 'SelfSubjectReview'),
  of(AUTHORIZATION, 'SelfSubjectAccessReview'),
  of(AUTHORIZATION, 'SelfSubjectRulesReview'),
  of(AUTHORIZATION, 'SubjectAccessReview'),
];

/** The kind of review a path stands for, if any. */
export function reviewAt(path: string): ReviewKind | undefined {
  return reviewKinds.find(({ group, plural }) => path === `/apis/${group}/v1/${plural}`);
}

function accessOf(request: Request, user: User, spec: ReviewSpec, kind: ReviewKind): object {
  const { resourceAttributes: asked, nonResourceAttributes: path } = spec;
  const { access } = request.cluster;
  if (!asked && !path)
    throw invalid(kind, '', [
      badValue(
        'spec.resourceAttributes',
        null,
        'exactly one of nonResourceAttributes or resourceAttributes must be specified',
      ),
    ]);
  const reason = asked
    ? access.reasonFor({
        user,
        verb: asked.verb ?? '',
        group: asked.group ?? '',
        resource: asked.resource ?? '',
        ...(asked.subresource && { subresource: asked.subresource }),
        ...(asked.namespace && { namespace: asked.namespace }),
        ...(asked.name && { name: asked.name }),
      })
    : access.reasonForPath(user, path?.verb ?? '', path?.path ?? '');
  return { allowed: reason !== undefined, ...(reason && { reason }) };
}

/** A user's rules as a SelfSubjectRulesReview lists them. */
function rulesStatus(rules: readonly PolicyRule[]): object {
  const paths = rules.filter((rule) => rule.nonResourceURLs?.length);
  return {
    resourceRules: rules.filter((rule) => !paths.includes(rule)),
    nonResourceRules: paths,
    incomplete: false,
  };
}

function statusOf(request: Request, spec: ReviewSpec, kind: ReviewKind): object {
  const { user } = request;
  switch (kind.kind) {
    case 'SelfSubjectReview':
      return { userInfo: { username: user.name, groups: user.groups } };
    case 'SelfSubjectRulesReview':
      if (!spec.namespace) throw invalid(kind, '', [required('spec.namespace')]);
      return rulesStatus(
        request.cluster.access.rulesOf(user, spec.namespace).map(({ rule }) => rule),
      );
    case 'SelfSubjectAccessReview':
      return accessOf(request, user, spec, kind);
    default: {
      if (!spec.user && !spec.groups?.length)
        throw invalid(kind, '', [
          required('spec.user', 'at least one of user or group must be specified'),
        ]);
      const about =
        spec.user === ADMINISTRATOR.name
          ? ADMINISTRATOR
          : userNamed(spec.user ?? '', spec.groups ?? []);
      return accessOf(request, about, spec, kind);
    }
  }
}

/** POST of a review: answered from what the cluster knows, nothing is stored. */
export function review(request: Request, kind: ReviewKind): Answer {
  if (request.method !== 'POST') throw methodNotAllowed();
  const { group, plural: resource } = kind;
  const { user } = request;
  request.cluster.access.check(kind, { user, verb: 'create', group, resource });
  const spec = (request.body as { spec?: ReviewSpec } | undefined)?.spec ?? {};
  const status = statusOf(request, spec, kind);
  const asked = kind.group === AUTHENTICATION ? {} : { spec };
  return json({ kind: kind.kind, apiVersion: `${group}/v1`, metadata: {}, ...asked, status }, 201);
}
