import { clusterNames } from '../model/cluster-name.ts';
import { grouped } from '../model/grouped.ts';
import { advice, awsHint, type Hint, noted } from '../model/hint.ts';
import { nameText } from '../model/kubernetes.ts';
import { valueOf } from '../model/problem.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import type { Observed } from '../observed/observed.ts';
import type { OwnerClaim } from '../observed/owner-claims.ts';
import type { Dispute } from '../observed/owner-dispute.ts';
import { clusterTag, resourceTag, stackTag } from '../observed/owner-tags.ts';
import { ownedBy } from '../observed/owner.ts';
import { handoverBegunHints } from './handover-begun.ts';

type Tags = Readonly<Record<string, string>>;

function tagsOf(observed: Observed, arn: string): Tags {
  const group = observed.targetGroups[arn];
  const read = group ? valueOf(group)?.tags : valueOf(observed.loadBalancer)?.tags;
  return read?.ok ? read.value : {};
}

/**
 * What the controller of a Service calls its load balancer and its target groups
 * (`pkg/service/model_build_load_balancer.go`, `model_build_target_group.go`).
 */
function resourceOf(observed: Observed, claim: OwnerClaim, arn: string): string | undefined {
  if (!(arn in observed.targetGroups)) return 'LoadBalancer';
  const [made] = bindingsOf(claim.cluster, arn);
  return made && `${nameText(claim.name)}:${made.servicePort}`;
}

/** The commands that give the load balancer and its target groups the tags of the Service that claims them. */
function tagHints(observed: Observed, claim: OwnerClaim, arns: readonly string[]): readonly Hint[] {
  const [clusterName] = clusterNames(claim.cluster);
  if (claim.kind !== 'service' || claim.flavour !== 'lbc' || clusterName === undefined) return [];
  const wordsOf = (arn: string): readonly string[] => {
    const tags = tagsOf(observed, arn);
    const resource = tags[resourceTag] === undefined ? resourceOf(observed, claim, arn) : undefined;
    const wanted: Tags = {
      [clusterTag]: clusterName,
      [stackTag]: nameText(claim.name),
      ...(resource === undefined ? {} : { [resourceTag]: resource }),
    };
    return Object.entries(wanted)
      .filter(([key, value]) => tags[key] !== value)
      .map(([key, value]) => `Key=${key},Value=${value}`);
  };
  const missing = arns
    .map((arn) => ({ arn, words: wordsOf(arn) }))
    .filter(({ words }) => words.length > 0);
  return [...grouped(missing, ({ words }) => words.join(' ')).values()].map((alike) => {
    const resources = alike.map(({ arn }) => arn);
    const [{ words } = { words: [] }] = alike;
    return noted(
      awsHint(['elbv2', 'add-tags', '--resource-arns', ...resources, '--tags', ...words], arns[1]),
      `if ${ownedBy(claim)} is to own it`,
    );
  });
}

/** How to look at the dispute, and how to end it: only a person can say who is to own the load balancer. */
export function disputeHints(
  observed: Observed,
  { kind, claims }: Dispute,
  groups: readonly string[],
): readonly Hint[] {
  const balancer = valueOf(observed.loadBalancer);
  const arns = [...(balancer ? [balancer.arn] : []), ...groups];
  const look = awsHint(['elbv2', 'describe-tags', '--resource-arns', ...arns], groups[0]);
  const begun = handoverBegunHints(observed);
  // What else would end it by hand would be in the way of the handover.
  if (begun.length > 0) return [...begun, look];
  const [claim, second] = claims;
  if (claim && !second) return [look, ...tagHints(observed, claim, arns)];
  if (kind === 'tags-without-claim') {
    const keys = [clusterTag, stackTag, resourceTag];
    return [
      look,
      noted(
        awsHint(
          ['elbv2', 'remove-tags', '--resource-arns', ...arns, '--tag-keys', ...keys],
          groups[0],
        ),
        'if no cluster is to own it',
      ),
    ];
  }
  return [
    look,
    advice(
      'Decide which Service is to own the load balancer. Restart no controller, and change or delete none of these Services, before the other one is released.',
    ),
  ];
}
