import { repairHint, verifyHint } from '../model/nlbmc-hints.ts';
import { clusterNames } from '../model/cluster-name.ts';
import { describeBinding, isControllerDown, waiting } from './endpoint-findings.ts';
import type { Finding } from './finding.ts';
import { askedNames } from '../observed/asked-names.ts';
import { isRegistered } from '../observed/member.ts';
import type { Part, PortCase } from '../observed/port-case.ts';
import { stalledHints, stalledMinutes, stalledText } from './stalled.ts';
import type { RegisteredTarget } from '../model/target.ts';

/** The cluster that EC2 names for an address that a binding only tracks, where it is another one. */
function otherHolder(found: RegisteredTarget, part: Part, context: PortCase): string | undefined {
  const names = clusterNames(part.member.cluster);
  const evidence = context.observed.addressEvidence[found.target.id];
  const holder = evidence?.ok && !evidence.value.gone ? evidence.value.cluster : undefined;
  return holder === undefined || names.length === 0 || names.includes(holder) ? undefined : holder;
}

/**
 * What to say of a target that a binding tracks and that has no endpoint any more; undefined where
 * it is out of the target group, or an endpoint or record of another binding (contested).
 */
export function goneFinding(key: string, part: Part, context: PortCase): Finding | undefined {
  const found = context.registered.get(key);
  if (!found || !isRegistered(found)) return undefined;
  const others = context.parts.filter((other) => other !== part);
  if (others.some(({ tracked, eligible }) => tracked.has(key) || eligible.has(key))) {
    return undefined;
  }
  const { target } = found;
  const { member } = part;
  const holder = otherHolder(found, part, context);
  if (holder !== undefined) {
    const clusters = context.observed.clusters.map(({ context: one }) => one);
    const text = `tracked here without an endpoint, and EC2 gives the address to cluster ${holder}: the controller of ${member.cluster.context} deregisters it when its endpoints change`;
    const hint = verifyHint(askedNames(context.observed), [...clusters, { clusterName: holder }]);
    return {
      code: 'target-contested',
      cause: holder,
      target,
      one: `is ${text}`,
      many: `are ${text}`,
      hints: isListed(holder, context) ? [describeBinding(member)] : [hint],
    };
  }
  if (isControllerDown(member.cluster)) {
    const text = 'still registered without an endpoint, and no controller is running to';
    return {
      code: 'endpoint-gone',
      cause: 'controller down',
      target,
      one: `is ${text} deregister it`,
      many: `are ${text} deregister them`,
      hints: [],
    };
  }
  const minutes = stalledMinutes(member, undefined, context.observed);
  if (minutes !== undefined) {
    return {
      code: 'controller-stalled',
      cause: 'deregistering',
      target,
      one: `is tracked and registered, but its endpoint is gone: ${stalledText(minutes)}`,
      many: `are tracked and registered, but their endpoints are gone: ${stalledText(minutes)}`,
      // Repair triggers a full reconcile, which ends it where the controller counts this as done.
      hints: [
        repairHint(
          { service: context.observed.service },
          context.observed.clusters.map(({ context: one }) => one),
        ),
        ...stalledHints(member),
      ],
    };
  }
  return {
    code: 'target-converging',
    cause: 'deregistering',
    target,
    one: 'is tracked and registered, but its endpoint is gone: the controller will deregister it',
    many: 'are tracked and registered, but their endpoints are gone: the controller will deregister them',
    hints: waiting(context, describeBinding(member)),
  };
}

const isListed = (holder: string, { observed }: PortCase): boolean =>
  observed.clusters.some((cluster) => clusterNames(cluster).includes(holder));
