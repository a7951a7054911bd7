import type { ObjectName } from '../model/kubernetes.ts';
import type { Goal } from '../plan/goal.ts';

/** Objects of a cluster whose changes bring a goal nearer. */
export interface Telling {
  readonly cluster: string;
  /** A binding, or those of a Service. */
  readonly bindings?: ObjectName | { readonly of: ObjectName };
  readonly service?: ObjectName;
}

/**
 * What of Kubernetes tells that a goal may have come nearer; undefined: only AWS tells. A record is
 * written before the binding that it belongs to gets its checkpoint (`pkg/targetgroupbinding/resource_manager.go`),
 * and endpoints matter once the controller has acted on them. What a restart waits for last is the Lease, which its holder
 * writes every two seconds: to look is as good.
 */
export function toldByKubernetes(goal: Goal): Telling | undefined {
  switch (goal.kind) {
    case 'binding-multi-cluster':
    case 'endpoints-tracked':
    case 'none-leaked':
    case 'endpoints-healthy':
    case 'still-multi-cluster':
    case 'binding-gone':
    case 'tracking-gone':
    case 'binding-exclusive':
    case 'tracked-exactly':
    case 'binding-mended':
    case 'rules-applied':
      return { cluster: goal.cluster, bindings: goal.binding };
    case 'binding-back':
      // Its name is the controller's choice.
      return { cluster: goal.cluster, bindings: { of: goal.service } };
    case 'service-gone':
    case 'service-released':
      return { cluster: goal.cluster, service: goal.service };
    case 'service-adopted':
      return { cluster: goal.cluster, service: goal.service, bindings: { of: goal.service } };
    case 'deletion-protection':
    case 'deletion-unprotected':
    case 'targets-gone':
    case 'listener-back':
    case 'tags-settled':
    case 'controller-restarted':
    case 'group-removed':
      return undefined;
  }
}
