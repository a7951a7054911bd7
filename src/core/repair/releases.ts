import { clusterNames } from '../model/cluster-name.ts';
import { type Hint, kubectlHint } from '../model/hint.ts';
import { repairHint } from '../model/nlbmc-hints.ts';
import { nameText } from '../model/kubernetes.ts';
import { isRegistered, mayServe, readingOf } from '../observed/member.ts';
import type { Part, PortCase } from '../observed/port-case.ts';
import { blindSpot, holderOf } from '../observed/address-evidence.ts';
import { valueOf } from '../model/problem.ts';
import { ownAddresses } from '../observed/strays.ts';
import type { RegisteredTarget, Target } from '../model/target.ts';
import { parseTarget, targetText } from '../model/target-key.ts';

/** A tracked target that a full reconcile would deregister, and the reason against it. */
export interface Held {
  readonly target: Target;
  /** As AWS has it, where it is registered and not draining. */
  readonly registered?: RegisteredTarget;
  /** The reason, as a sentence after the target's name. */
  readonly why: string;
  /** What removes the reason, where that is known. */
  readonly cure?: Hint;
}

/** What the controller of a binding would deregister in a full reconcile, now. */
export interface Releases {
  /** Proven own: their endpoints are gone, and no other cluster has the address. */
  readonly own: readonly RegisteredTarget[];
  /** Another binding's, by its record or its endpoints, or another cluster's by what EC2 says. */
  readonly foreign: readonly Held[];
  /** Registered, and it is not known to which cluster they belong. */
  readonly unproven: readonly Held[];
}

/**
 * Tells apart what a full reconcile deregisters: every target that the binding
 * tracks and has no endpoint for (`pkg/targetgroupbinding/resource_manager.go`, deregisterTargets).
 * An address that was used again belongs to another cluster now, but the record does not show that. Only the
 * ConfigMap can be read: the controller's memory is the same, unless the ConfigMap was edited.
 */
export function releasesOf(part: Part, context: PortCase): Releases {
  const { member, tracked, eligible } = part;
  const found = { own: [], foreign: [], unproven: [] } as {
    own: RegisteredTarget[];
    foreign: Held[];
    unproven: Held[];
  };
  const names = clusterNames(member.cluster);
  const addresses = ownAddresses(member);
  for (const key of tracked) {
    const target = parseTarget(key);
    if (eligible.has(key) || !target) continue;
    const inGroup = context.registered.get(key);
    const registered = inGroup && isRegistered(inGroup) ? inGroup : undefined;
    const held = { target, ...(registered ? { registered } : {}) };
    const other = context.parts.find((one) => one !== part && one.eligible.has(key));
    const recorder = context.parts.find((one) => one !== part && one.tracked.has(key));
    const user = other ?? recorder;
    if (user) {
      const { binding, cluster } = user.member;
      const what = other ? 'is an endpoint of' : 'is tracked by';
      const pod = other?.eligible.get(key)?.pod;
      found.foreign.push({
        ...held,
        why: `${what} ${nameText(binding)} in ${cluster.context}, too`,
        ...(pod === undefined
          ? {}
          : {
              cure: kubectlHint(
                { context: cluster.context, namespace: binding.namespace },
                'delete',
                'pod',
                pod,
              ),
            }),
      });
      continue;
    }
    // What is not registered has nothing to lose.
    if (!registered) continue;
    const group = valueOf(readingOf(context.observed.targetGroups, context.arn, context.arn));
    const holder = group && holderOf(registered.target, group, context.observed);
    const tagged = holder && 'cluster' in holder ? holder.cluster : undefined;
    const blind = group && blindSpot(registered.target, group, context.observed);
    // What answers health checks, or is about to, is somewhere: in an account or network not asked.
    const gone = holder?.gone === true && blind === undefined && !mayServe(registered);
    if (addresses.has(key) || gone || names.includes(tagged ?? '')) found.own.push(registered);
    else if (tagged !== undefined && names.length > 0)
      found.foreign.push({
        ...held,
        why: `has an address of the cluster ${tagged} in EC2, which is not listed`,
        cure: repairHint({ service: context.observed.service }, [
          ...context.observed.clusters.map((one) => one.context),
          { clusterName: tagged },
        ]),
      });
    else
      found.unproven.push({
        ...held,
        why: whyUnproven(context, registered, { tagged, holder, blind }),
      });
  }
  return found;
}

function whyUnproven(
  { observed }: PortCase,
  { target, state }: RegisteredTarget,
  o: {
    readonly tagged: string | undefined;
    readonly holder: ReturnType<typeof holderOf>;
    readonly blind: string | undefined;
  },
): string {
  const evidence = observed.addressEvidence[target.id];
  if (!evidence?.ok) {
    return `has an address that could not be looked up in EC2${evidence ? ` (${evidence.problem.message})` : ''}`;
  }
  if (o.tagged !== undefined) {
    return `has an address of the cluster ${o.tagged} in EC2, and the name that this cluster's controller uses is unknown`;
  }
  // Something of another VPC with the same address is not it.
  const gone = o.holder?.gone === true;
  if (gone && o.blind !== undefined) {
    return `is unknown to EC2, which proves nothing: ${o.blind}`;
  }
  if (gone) {
    return `${state === 'healthy' ? 'answers health checks' : `is ${state}, and may answer health checks at any moment`}, but EC2 finds nothing with its address in this account and region`;
  }
  return `has an address that is in use (${evidence.value.instance ?? evidence.value.networkInterface ?? 'in EC2'}), and no tag names the cluster`;
}

/** `10.0.3.9:80 is an endpoint of default/nginx in sec, too`. */
export const heldText = ({ target, why }: Held): string => `${targetText(target)} ${why}`;
