import type { ResourceDef } from '../resources.ts';
import { forbidden } from '../status-error.ts';

/** What somebody wants to do, in the API server's terms. */
export interface AccessRequest {
  readonly user: string;
  /** get, list, watch, create, update, patch, delete, deletecollection. */
  readonly verb: string;
  readonly group: string;
  /** The plural. */
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** A refusal; a field left out refuses for every value of it. */
export interface DenyRule {
  readonly user?: string;
  readonly verb?: string;
  /** A resource key, `services` or `targetgroupbindings.elbv2.k8s.aws`; `pods/log` for a subresource. */
  readonly resource?: string;
  /** Null: at the cluster scope alone. */
  readonly namespace?: string | null;
}

function resourceOf(request: AccessRequest): string {
  const key = request.group ? `${request.resource}.${request.group}` : request.resource;
  return request.subresource ? `${key}/${request.subresource}` : key;
}

/** Who may do what: everything, but for the rules added here. */
export class AccessRules {
  #rules: DenyRule[] = [];

  /** Adds a refusal; the function it gives back takes it away. */
  deny(rule: DenyRule): () => void {
    this.#rules.push(rule);
    return () => {
      this.#rules = this.#rules.filter((other) => other !== rule);
    };
  }

  /** Rules that name no user are meant for people: `named` asks only those that do. */
  allows(request: AccessRequest, named = false): boolean {
    return !this.#rules.some(
      (rule) =>
        (rule.user === request.user || (!named && rule.user === undefined)) &&
        (rule.verb === undefined || rule.verb === request.verb) &&
        (rule.resource === undefined || rule.resource === resourceOf(request)) &&
        (rule.namespace === undefined || (rule.namespace ?? undefined) === request.namespace),
    );
  }

  /** Raises 403 in the words of the RBAC authorizer where a rule refuses. */
  check(def: ResourceDef, request: AccessRequest, named = false): void {
    if (this.allows(request, named)) return;
    const what = request.subresource
      ? `${request.resource}/${request.subresource}`
      : request.resource;
    const where = request.namespace
      ? `in the namespace "${request.namespace}"`
      : 'at the cluster scope';
    throw forbidden(
      def,
      request.name ?? '',
      `User "${request.user}" cannot ${request.verb} resource "${what}" in API group "${request.group}" ${where}`,
    );
  }
}
