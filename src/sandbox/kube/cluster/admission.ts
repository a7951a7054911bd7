import { copyOf } from '../object.ts';
import type { KubeObject } from '../object.ts';
import type { ResourceKey } from '../resources.ts';
import { failure, internal, StatusError } from '../status-error.ts';

export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly object?: KubeObject;
  readonly old?: KubeObject;
  readonly dryRun: boolean;
}

/** An admission webhook; LBC registers its own with failurePolicy Fail. */
export interface Webhook {
  readonly name: string;
  readonly kind: 'mutating' | 'validating';
  readonly resource: ResourceKey;
  readonly operations: readonly AdmissionRequest['operation'][];
  /** Where it is asked at its Service, for the words of a failure; `/` without it. */
  readonly path?: string;
  /** What the object that registers it says; undefined: there is no such object. Default: Fail. */
  policy?(): 'Fail' | 'Ignore' | undefined;
  /** False while nothing listens at the webhook's Service: the write then fails with 500. */
  reachable(): boolean;
  /** A mutating one may give back the changed object; an Error denies with its message. */
  call(request: AdmissionRequest): KubeObject | void;
}

/** The webhooks of a cluster, asked in the order in which they were added. */
export class Webhooks {
  #hooks: Webhook[] = [];

  add(hook: Webhook): () => void {
    this.#hooks.push(hook);
    return () => {
      this.#hooks = this.#hooks.filter((other) => other !== hook);
    };
  }

  /**
   * Passes the request through the webhooks of one kind and gives back the object as they left it.
   * Raises 500 for an unreachable webhook and what a denial carries, else 403.
   */
  run(
    kind: Webhook['kind'],
    resource: ResourceKey,
    request: AdmissionRequest,
  ): KubeObject | undefined {
    let object = request.object;
    for (const hook of this.#hooks) {
      if (hook.kind !== kind || hook.resource !== resource) continue;
      if (!hook.operations.includes(request.operation)) continue;
      const policy = hook.policy ? hook.policy() : 'Fail';
      if (policy === undefined || (policy === 'Ignore' && !hook.reachable())) continue;
      if (!hook.reachable()) throw unreachable(hook);
      const answer = ask(hook, { ...request, ...(object && { object: copyOf(object) }) });
      if (kind === 'mutating' && answer) object = copyOf(answer);
    }
    return object;
  }
}

function ask(hook: Webhook, request: AdmissionRequest): KubeObject | void {
  try {
    return hook.call(request);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { code, reason } =
      error instanceof StatusError ? error.status : { code: 403, reason: 'Forbidden' };
    const message = `admission webhook "${hook.name}" denied the request: ${error.message}`;
    throw failure(code, reason, message);
  }
}

function unreachable({ name, path = '/' }: Webhook): StatusError {
  const url = 'https://aws-load-balancer-webhook-service.kube-system.svc:443';
  return internal(
    `failed calling webhook "${name}": failed to call webhook: Post "${url}${path}?timeout=10s": dial tcp: connect: connection refused`,
  );
}
