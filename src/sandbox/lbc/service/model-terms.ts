import type { ControllerNames } from '../process/controller-names.ts';
import type { ResolvedFlags } from '../process/flags.ts';

/** A group known by id, or the one that the controller itself makes for this load balancer. */
export type SecurityGroupRef =
  | { readonly kind: 'managed' }
  | { readonly kind: 'id'; readonly id: string };

export type Scheme = 'internal' | 'internet-facing';
/**
 * What a listener or a target group speaks. SCTP comes from the ports of a Service alone: nothing
 * stops it in the controller, and AWS refuses it.
 */
export type Protocol = 'TCP' | 'TLS' | 'UDP' | 'TCP_UDP' | 'SCTP';
export type Attributes = ReadonlyMap<string, string>;

/** The controller that a model is built for. */
export interface ModelContext {
  readonly names: ControllerNames;
  readonly clusterName: string;
  readonly vpcId: string;
  readonly version: string;
  readonly flags: ResolvedFlags;
}
