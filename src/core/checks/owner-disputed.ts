import { stackText } from '../model/owner-words.ts';
import { parseArn } from '../model/arn.ts';
import type { Problem } from '../model/problem.ts';
import { valueOf } from '../model/problem.ts';
import { count, listed } from '../model/words.ts';
import type { Dispute } from '../observed/owner-dispute.ts';
import type { TaggedOwner } from '../observed/owner-tags.ts';
import type { OwnerClaim } from '../observed/owner-claims.ts';
import type { Observed } from '../observed/observed.ts';
import { registeredIn } from '../observed/member.ts';
import { type Enrollment, ownedBy } from '../observed/owner.ts';
import { check, runChecks, type Wrong } from '../plan/check.ts';
import { openText } from './handover-open.ts';
import { disputeHints } from './dispute-hints.ts';

/** Who owns the load balancer of these target groups, as far as it could be read. */
export interface OwnerCase extends Pick<Enrollment, 'owner' | 'arns'> {
  readonly observed: Observed;
}

const claimText = (claim: OwnerClaim): string => ownedBy(claim);
const claimsText = ({ claims }: Dispute): string => listed(claims.map(claimText));

const taggedText = (tagged: TaggedOwner | undefined): string =>
  tagged
    ? `${stackText({ kind: tagged.kind, ...tagged.name })}${tagged.clusterName === undefined ? '' : ` of cluster ${tagged.clusterName}`}`
    : 'no owner';

/** What a controller does that does not find by tags what it has made (`load_balancer_synthesizer.go`). */
const lostBy = (clusters: readonly string[]): string =>
  `The controller of ${listed(clusters)} remembers tags for 20 minutes. Then, or when it restarts, it does not find the load balancer, and makes its own again. Where that is another one, it deletes its bindings here, and the targets of its cluster are deregistered.`;

/** What contradicts what. */
function contradiction(dispute: Dispute, name: string): string {
  const { kind, tagged, astray } = dispute;
  switch (kind) {
    case 'two-claims':
      return `${claimsText(dispute)} both claim load balancer ${name}, and its tags name ${taggedText(tagged)}.`;
    case 'claim-without-tags':
      return `${claimsText(dispute)} claims load balancer ${name}, but that one does not have the tags by which its controller finds it.`;
    case 'tags-of-another':
      return `${claimsText(dispute)} claims load balancer ${name}, but its tags name ${taggedText(tagged)}.`;
    case 'tags-without-claim':
      return `The tags of load balancer ${name} name ${taggedText(tagged)}. No controller manages that Service: it does not exist, or it has no finalizer service.k8s.aws/resources.`;
    case 'groups-of-another': {
      const groups = astray.map(
        (one) => `${parseArn(one.arn)?.name ?? one.arn} (${taggedText(one.tagged)})`,
      );
      return `The tags of load balancer ${name} name ${taggedText(tagged)}, but those of ${listed(groups)} do not.`;
    }
  }
}

/** What may happen to the load balancer or its targets. */
function danger({ kind, claims }: Dispute): string {
  const clusters = [...new Set(claims.map(({ cluster }) => cluster.context))];
  switch (kind) {
    case 'two-claims':
      return `Both controllers change it, each as its own Service requires. Deleting one of these Services can delete the load balancer.`;
    case 'claim-without-tags':
    case 'tags-of-another':
      return lostBy(clusters);
    case 'tags-without-claim':
      return 'No controller looks after the load balancer. A Service of that name that a controller manages again takes it over, and deletes it when the Service is deleted.';
    case 'groups-of-another':
      return 'A controller finds only a part of it: it makes the rest again, moves the listeners to new target groups, and the targets of every cluster get no more connections.';
  }
}

/** Targets that are registered and not on their way out. */
const atStake = (observed: Observed, arns: readonly string[]): number =>
  arns
    .flatMap((arn) => valueOf(registeredIn(observed, arn)) ?? [])
    .filter(({ state }) => state !== 'draining').length;

function disputed({ observed, owner, arns }: OwnerCase): Wrong | undefined {
  const balancer = valueOf(observed.loadBalancer);
  if (owner.kind !== 'disputed' || !balancer) return undefined;
  const { dispute } = owner;
  const saves = atStake(observed, arns);
  // What would end a dispute would break a handover.
  const effect = openText(observed) ?? danger(dispute);
  return {
    message: `${contradiction(dispute, balancer.name)} ${effect} ${count(saves, 'registered target')} ${saves === 1 ? 'is' : 'are'} at stake.`,
    about: { targetGroup: balancer.arn },
    hints: disputeHints(observed, dispute, arns),
    ...(saves > 0 ? { saves } : {}),
  };
}

/** Whether one controller owns the load balancer, or none does: not two, and not half of one. */
const undisputed = check<OwnerCase>('owner-disputed', 'blocker', disputed);

/** Why nothing may be changed as long as it is disputed who owns the load balancer; none: it is not. */
export const ownerDisputed = (
  observed: Observed,
  { owner, arns }: Pick<Enrollment, 'owner' | 'arns'>,
): readonly Problem[] => runChecks([undisputed], { observed, owner, arns }).blockers;
