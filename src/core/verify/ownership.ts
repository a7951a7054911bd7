import { runChecks } from '../plan/check.ts';
import { handoverOpen } from '../checks/handover-open.ts';
import { unlistedOwner } from '../checks/owner.ts';
import { ownerDisputed } from '../checks/owner-disputed.ts';
import { groupChecks } from '../checks/groups.ts';
import { protectionAttribute } from '../model/attributes.ts';
import { attributeHint } from '../model/hint.ts';
import { gatewayAdvice, ingressAdvice } from '../model/owner-words.ts';
import { enableHint, verifyHint } from '../model/nlbmc-hints.ts';
import { nameText, type ObjectName } from '../model/kubernetes.ts';
import { recordedOwner } from '../observed/recorded.ts';
import { unreadOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { type Enrollment, ownedBy, type Owner, primaryIn } from '../observed/owner.ts';
import { type Problem, valueOf } from '../model/problem.ts';
import {
  balancerProblems,
  isUnattached,
  ownerProblems,
  protectionProblems,
} from './owner-problems.ts';
import { reconcileFailed } from './reconcile-failed.ts';

/** What follows from who owns the load balancer: reasons against green, and what is only to be known. */
export interface OwnershipFound {
  readonly problems: readonly Problem[];
  readonly cautions: readonly Problem[];
}

/** The groups of a load balancer that no listed Service owns, checked in the cluster that names them. */
function groupProblems(observed: Observed, { source }: Enrollment): readonly Problem[] {
  const service = valueOf(source.service);
  if (!service) return [];
  const { blockers, cautions } = runChecks(groupChecks, { observed, cluster: source, service });
  // A port that nlbmc cannot judge holds up no other, and is not green.
  return [...blockers, ...cautions];
}

/** Deletion protection where no controller could turn it off: only AWS and its users can. */
function protectionNote({ loadBalancer }: Observed): readonly Problem[] {
  if (!loadBalancer.ok) return [];
  const { name, arn, attributes } = loadBalancer.value;
  if (!attributes.ok || attributes.value[protectionAttribute] === 'true') return [];
  return [
    {
      code: 'deletion-unprotected',
      message: `Deletion protection of ${name} is off. No controller deletes this load balancer, but a person or another tool can.`,
      about: { targetGroup: arn },
      hints: [attributeHint(arn, protectionAttribute, 'true')],
    },
  ];
}

/** A Gateway's controller takes deletion protection from its LoadBalancerConfiguration. */
function gatewayProtection(observed: Observed, owner: Owner): readonly Problem[] {
  const [note] = protectionNote(observed);
  const { loadBalancer } = observed;
  const unread = loadBalancer.ok
    ? unreadOf([loadBalancer.value.attributes])
    : unreadOf([loadBalancer]);
  if (unread.length > 0) return unread;
  if (!note || !loadBalancer.ok || owner.kind !== 'gateway') return [];
  return [
    {
      ...note,
      message: `Deletion protection of ${loadBalancer.value.name} is off: it is deleted together with ${ownedBy(owner)}.`,
      hints: [gatewayAdvice],
    },
  ];
}

/** Deletion protection of a Service that only a document tells of: AWS shows it. */
function recordedProtection(observed: Observed, service: ObjectName): readonly Problem[] {
  const cluster = recordedOwner(observed);
  const { loadBalancer } = observed;
  if (!cluster) return [];
  if (!loadBalancer.ok) return unreadOf([loadBalancer]);
  const [note] = protectionNote(observed);
  if (!note) return unreadOf([loadBalancer.value.attributes]);
  return [
    {
      ...note,
      message: `Deletion protection of ${loadBalancer.value.name} is off: it is deleted together with Service ${nameText(service)} of ${cluster.context}.`,
      hints: [enableHint(service, cluster.context)],
    },
  ];
}

/** A verdict refuses nothing, so it saves nothing: its message has the number. */
const disputed = (observed: Observed, enrollment: Enrollment): readonly Problem[] =>
  ownerDisputed(observed, enrollment).map((problem) => {
    const { saves: _, ...told } = problem;
    return told;
  });

/** What is required because of who owns the load balancer. `arns`: the target groups of the enrollment. */
export function ownershipFound(
  observed: Observed,
  enrollment: Enrollment,
  o: { readonly allowUnprotected: boolean },
): OwnershipFound {
  const { owner, arns } = enrollment;
  const primary = primaryIn(enrollment);
  // Without any listener there is no load balancer to ask: the ports say so.
  const protects = !o.allowUnprotected && !isUnattached(observed, arns);
  const balancer = balancerProblems(observed, primary);
  if (primary) {
    return {
      problems: [
        ...ownerProblems(observed, primary),
        ...reconcileFailed(observed, primary),
        ...balancer,
        ...(protects ? protectionProblems(observed, primary) : []),
      ],
      cautions: handoverOpen(observed),
    };
  }
  const groups = [...groupProblems(observed, enrollment), ...balancer];
  switch (owner.kind) {
    case 'none':
      return {
        problems: groups,
        cautions: [...handoverOpen(observed), ...(protects ? protectionNote(observed) : [])],
      };
    case 'disputed':
      return { problems: [...disputed(observed, enrollment), ...groups], cautions: [] };
    case 'unread':
      return {
        problems: [...unreadOf([{ ok: false, problem: owner.problem }]), ...groups],
        cautions: [],
      };
    case 'service':
      return {
        problems: [
          ...unlistedOwner(observed, owner, verifyHint),
          ...groups,
          ...(protects ? recordedProtection(observed, owner.name) : []),
        ],
        cautions: [],
      };
    case 'gateway':
      return {
        problems: [
          ...unlistedOwner(observed, owner, verifyHint),
          ...groups,
          ...(protects && owner.cluster ? gatewayProtection(observed, owner) : []),
        ],
        cautions: [],
      };
    case 'ingress':
      return {
        problems: [...unlistedOwner(observed, owner, verifyHint), ...groups],
        cautions: [
          {
            code: 'owner-not-service',
            message: `The load balancer is owned by ${ownedBy(owner)}. nlbmc checks what it checks of a Network Load Balancer and writes nothing there.`,
            about: { service: owner.name },
            hints: [ingressAdvice],
          },
        ],
      };
  }
}
