import type { ResourceDef } from '../resources.ts';
import { failure, forbidden } from '../status-error.ts';
import type { Contents } from './contents.ts';
import { allows, MASTERS, rulesOf, userNamed } from './rbac.ts';
import type { GivenRule, PolicyRule, User } from './rbac.ts';

/** The administrator: the user of the first token of a cluster. */
export const ADMINISTRATOR: User = userNamed('kubernetes-admin', [MASTERS]);

/** What somebody wants to do, in the API server's terms. */
export interface AccessRequest {
  readonly user: User;
  /** get, list, watch, create, update, patch, delete, deletecollection. */
  readonly verb: string;
  readonly group: string;
  /** The plural. */
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

const ACCOUNT = 'system:serviceaccount:';

/** A refusal for tests; a field left out refuses for every value of it, and no user for every person. */
export interface DenyRule {
  readonly user?: string;
  readonly verb?: string;
  /** A resource key, `services` or `targetgroupbindings.elbv2.k8s.aws`; `pods/log` for a subresource. */
  readonly resource?: string;
  /** Null: at the cluster scope alone. */
  readonly namespace?: string | null;
}

function givenTo(group: string, rules: readonly PolicyRule[]): GivenRule[] {
  return rules.map((rule) => ({ rule, reason: `allowed to the group ${group}` }));
}

/**
 * What everybody known may do, which a cluster's first ClusterRoles say: look at what is served, and ask
 * who one is and what one may do (system:discovery and system:basic-user; kubernetes
 * plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go).
 */
const EVERYBODY: readonly GivenRule[] = givenTo('system:authenticated', [
  {
    verbs: ['get'],
    nonResourceURLs: ['/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*', '/version'],
  },
  { verbs: ['get'], nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version/'] },
  {
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  },
  { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
]);

const EVERYTHING = givenTo(MASTERS, [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
]);

function resourceOf(request: AccessRequest): string {
  const key = request.group ? `${request.resource}.${request.group}` : request.resource;
  return request.subresource ? `${key}/${request.subresource}` : key;
}

/** Who may do what: what Roles and ClusterRoles allow, the administrator everything. */
export class AccessRules {
  readonly #contents: Contents;
  #denied: DenyRule[] = [];

  constructor(contents: Contents) {
    this.#contents = contents;
  }

  /** Adds a refusal, whatever Roles say; the function it gives back takes it away. */
  deny(rule: DenyRule): () => void {
    this.#denied.push(rule);
    return () => {
      this.#denied = this.#denied.filter((other) => other !== rule);
    };
  }

  /** All rules of a user in a namespace. */
  rulesOf(user: User, namespace: string): GivenRule[] {
    const given = user.groups.includes(MASTERS)
      ? EVERYTHING
      : rulesOf(this.#contents, user, namespace);
    return [...given, ...EVERYBODY];
  }

  /** Why somebody may do something; undefined where no rule allows it, or one refuses. */
  reasonFor(request: AccessRequest): string | undefined {
    if (this.#isDenied(request)) return undefined;
    const rules = this.rulesOf(request.user, request.namespace ?? '');
    return rules.find(({ rule }) => allows(rule, request))?.reason;
  }

  /** Why somebody may look at a path that is no resource; undefined where no rule allows it. */
  reasonForPath(user: User, verb: string, path: string): string | undefined {
    return this.rulesOf(user, '').find(({ rule }) => allows(rule, { verb, path }))?.reason;
  }

  /** Raises 403 in the words of the RBAC authorizer where no rule allows it, or one refuses. */
  check(def: Pick<ResourceDef, 'group' | 'plural'>, request: AccessRequest): void {
    if (this.reasonFor(request) !== undefined) return;
    const what = request.subresource
      ? `${request.resource}/${request.subresource}`
      : request.resource;
    const where = request.namespace
      ? `in the namespace "${request.namespace}"`
      : 'at the cluster scope';
    throw forbidden(
      def,
      request.name ?? '',
      `User "${request.user.name}" cannot ${request.verb} resource "${what}" in API group "${request.group}" ${where}`,
    );
  }

  /** Raises 403 for a path that somebody may not look at. */
  checkPath(user: User, verb: string, path: string): void {
    if (this.reasonForPath(user, verb, path) !== undefined) return;
    const why = `User "${user.name}" cannot ${verb} path "${path}"`;
    throw failure(403, 'Forbidden', `forbidden: ${why}`, {});
  }

  #isDenied(request: AccessRequest): boolean {
    const { name } = request.user;
    return this.#denied.some(
      (rule) =>
        (rule.user === undefined ? !name.startsWith(ACCOUNT) : rule.user === name) &&
        (rule.verb === undefined || rule.verb === request.verb) &&
        (rule.resource === undefined || rule.resource === resourceOf(request)) &&
        (rule.namespace === undefined || (rule.namespace ?? undefined) === request.namespace),
    );
  }
}
