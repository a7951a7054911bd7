import type { KubeCluster } from '../../kube/cluster/cluster.ts';
import { faultAnswer } from '../../kube/fault-answer.ts';
import { pathOf } from '../../kube/paths.ts';
import type { ResourceKey, Subresource } from '../../kube/resources.ts';
import { failure } from '../../kube/status-error.ts';
import type { Faults } from '../../requests/faults.ts';

/** A call of a controller's to the API server. */
export interface KubeCall {
  readonly verb: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly resource: ResourceKey;
  readonly namespace: string;
  /** Empty for POST. */
  readonly name: string;
  readonly subresource?: Subresource | undefined;
}

/**
 * Performs a call to the API server unless a fault for this controller's calls hits it. Raises
 * StatusError: the fault's status, or 0 with the words of client-go for a connection that was cut.
 */
export function faulted<T>(
  cluster: KubeCluster,
  actor: string,
  faults: Faults | undefined,
  { verb, resource, namespace, name, subresource }: KubeCall,
  perform: () => T,
): T {
  const path = pathOf(cluster.resource(resource), namespace, name, subresource);
  const caller = `${actor}/${cluster.name}`;
  const rule = faults?.take({
    world: 'kube',
    cluster: cluster.name,
    caller,
    text: `${verb} ${path}`,
  });
  if (!rule) return perform();
  if (rule.kind === 'cut-after') perform();
  const error =
    rule.kind === 'status'
      ? faultAnswer(rule)
      : // net/url's Error; 10.100.0.1 is the Service kubernetes of an EKS cluster.
        failure(0, '', `${titled(verb)} "https://10.100.0.1:443${path}": EOF`);
  if (verb !== 'GET' && rule.kind !== 'cut-after') {
    cluster.journal.add({
      world: 'kube',
      cluster: cluster.name,
      actor,
      verb,
      path,
      status: error.status.code,
      mutating: true,
      source: 'internal',
    });
  }
  throw error;
}

const titled = (verb: string): string => verb.charAt(0) + verb.slice(1).toLowerCase();
