import type { HandoverFacts } from '../model/handover.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { HandoverIntent } from '../model/intent.ts';
import type { LoadBalancer } from '../model/aws.ts';
import type { ObjectName, Service } from '../model/kubernetes.ts';
import type { Observed } from '../observed/observed.ts';
import type { Enrollment } from '../observed/owner.ts';

/** A cluster with the Service that the handover is about there. */
export interface Side {
  readonly cluster: ClusterView;
  readonly service: ObjectName;
  /** As it was read; undefined: it does not exist. */
  readonly found: Service | undefined;
  /** What its controller calls the cluster (`--cluster-name`); it is the value of the tag. */
  readonly clusterName: string;
}

/**
 * A handover, with all that its checks look at. `from` gives the load balancer and `to` takes it: OLD
 * and NEW, and on the way back NEW and OLD.
 */
export interface HandoverCase {
  readonly observed: Observed;
  readonly intent: HandoverIntent;
  readonly facts: HandoverFacts;
  readonly enrollment: Enrollment;
  readonly loadBalancer: LoadBalancer;
  /** Undefined: OLD is lost, or (on the way back) no cluster owns it. */
  readonly from: Side | undefined;
  /** Undefined: no cluster is to own it. */
  readonly to: Side | undefined;
}

/** The sides that the handover has, first the one that gives the load balancer. */
export const sidesOf = ({ from, to }: Pick<HandoverCase, 'from' | 'to'>): readonly Side[] =>
  [from, to].filter((side) => side !== undefined);
