import { type Owner, ownerOf } from '../observed/owner.ts';
import type { JoinCase } from './join-port.ts';

/** Who owns the load balancer of a join: of the enrolled cluster's, or of the target groups that were named. */
export const ownerSeenBy = ({
  observed,
  enrolled,
  joining,
  ports,
}: Pick<JoinCase, 'observed' | 'enrolled' | 'joining' | 'ports'>): Owner =>
  enrolled?.enrollment.owner ??
  ownerOf(observed, { source: joining, arns: ports.map(({ arn }) => arn) });
