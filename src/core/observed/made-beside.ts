import type { TaggedResource } from '../model/handover.ts';
import type { ObjectName } from '../model/kubernetes.ts';
import { valueOf } from '../model/problem.ts';
import type { Observed } from './observed.ts';
import { isTaggedFor } from './owner-tags.ts';

/** A Service that is to own a load balancer, and what that one is made of. */
export interface Owned {
  readonly service: ObjectName;
  readonly clusterName: string | undefined;
  readonly loadBalancerArn: string;
  readonly targetGroupArns: readonly string[];
}

/** Load balancers and target groups with the tags of the Service that are not those which it is to own. */
export const madeBeside = (
  { handover }: Pick<Observed, 'handover'>,
  { service, clusterName, loadBalancerArn, targetGroupArns }: Owned,
): readonly TaggedResource[] =>
  ((handover && valueOf(handover.tagged)) ?? []).filter(
    ({ arn, tags }) =>
      arn !== loadBalancerArn &&
      !targetGroupArns.includes(arn) &&
      isTaggedFor(tags, service, clusterName),
  );
