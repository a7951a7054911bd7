import { sharedBindings } from '../checks/groups.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { nameText } from '../model/kubernetes.ts';
import { endpointFindings, isControllerDown } from '../verify/endpoint-findings.ts';
import { goneFinding } from '../verify/gone-finding.ts';
import { type Finding, findingKey } from '../verify/finding.ts';
import type { Binding } from '../model/kubernetes.ts';
import { isRegistered } from '../observed/member.ts';
import type { Step } from '../plan/plan.ts';
import type { Part, PortCase } from '../observed/port-case.ts';
import { describeBindingHint, type Hint } from '../model/hint.ts';
import type { Problem } from '../model/problem.ts';
import { type Held, heldText, type Releases, releasesOf } from './releases.ts';
import { portOf } from '../model/service-ports.ts';
import { staleCure } from '../progress/stale-cure.ts';
import { count } from '../model/words.ts';

/** How a binding is repaired: by a full reconcile of its own controller, and by nothing else. */
export interface BindingMend {
  readonly binding: Binding;
  readonly step?: Extract<Step, { kind: 'reset-checkpoint' }>;
  /** Keys of the findings of `verify` that are gone after it. */
  readonly mends: readonly string[];
  /** Why it is not done, where there would be something to do. */
  readonly refusals: readonly Problem[];
}

/** What a full reconcile would repair: endpoints to register, and targets that their endpoints left. */
function mendable(part: Part, context: PortCase): readonly string[] {
  const { tracked, eligible } = part;
  const others = context.parts.filter((other) => other !== part);
  const missing = [...eligible].filter(([key]) => {
    const found = context.registered.get(key);
    // One that another binding tracks is deregistered there again, whatever is done here.
    return (!found || !isRegistered(found)) && !others.some((other) => other.tracked.has(key));
  });
  const gone = [...tracked].filter((key) => !eligible.has(key));
  const findings: readonly Finding[] = [
    ...missing.flatMap(([, endpoint]) => endpointFindings(endpoint, part, context)),
    ...gone.flatMap((key) => goneFinding(key, part, context) ?? []),
  ];
  if (findings.length === 0) return [];
  // Each registration and each deregistration writes the complete list again.
  const untracked = [...eligible.values()].flatMap((endpoint) =>
    endpointFindings(endpoint, part, context).filter(({ code }) => code === 'endpoint-untracked'),
  );
  return [...findings, ...untracked].map((finding) => findingKey(part, finding));
}

/** A controller that could reconcile, a binding that shares, a Service and a port that exist. */
function isAble({ member }: Part): boolean {
  const { cluster, binding, service } = member;
  const found = service.ok ? service.value : undefined;
  return (
    binding.multiCluster &&
    !binding.terminating &&
    found !== undefined &&
    portOf(found, binding.servicePort) !== undefined &&
    !isControllerDown(cluster)
  );
}

/**
 * Decides whether nlbmc triggers a full reconcile of a binding (it clears the checkpoint): the controller
 * then registers what is missing, and deregisters what it tracks and has no endpoint for. Only where
 * every one of these is proven to be its own. All readings of the port are known.
 */
export function mendBinding(part: Part, context: PortCase): BindingMend {
  const { cluster, binding, tracked } = part.member;
  const nothing: BindingMend = { binding, mends: [], refusals: [] };
  // Keys of QUIC targets have a server id that endpoints do not have: none of them would be told.
  if (sharedBindings(context.observed, [binding]).length === 0) return nothing;
  const mends = mendable(part, context);
  if (mends.length === 0 || !isAble(part)) return nothing;
  const exclusive = context.observed.clusters
    .flatMap((one) => bindingsOf(one, context.arn))
    .some(({ multiCluster }) => !multiCluster);
  // Its controller would deregister again what is repaired here: that binding is repaired first.
  if (exclusive) return nothing;
  if (binding.flavour !== 'lbc') return { ...nothing, refusals: [untested(part)] };
  if (tracked.ok && tracked.value.kind === 'missing') {
    return { ...nothing, refusals: [unknownMemory(part)] };
  }
  const refusals = refusalsOf(part, releasesOf(part, context));
  if (refusals.length > 0) return { ...nothing, refusals };
  const { namespace, name, flavour, resourceVersion } = binding;
  return {
    binding,
    step: {
      kind: 'reset-checkpoint',
      cluster: cluster.context,
      binding: { namespace, name, flavour },
      resourceVersion,
    },
    mends,
    refusals: [],
  };
}

/** What a refusal is about. */
const aboutPart = ({ member: { cluster, binding } }: Part) => ({
  cluster: cluster.context,
  binding: { namespace: binding.namespace, name: binding.name },
});

const describe = ({ member: { cluster, binding } }: Part): Hint =>
  describeBindingHint(cluster.context, binding);

const untested = (part: Part): Problem => ({
  code: 'flavour-unverified',
  message: `${nameText(part.member.binding)} in ${part.member.cluster.context} is managed by EKS Auto Mode, with which nlbmc is unverified against AWS. nlbmc triggers no reconcile.`,
  hints: [describe(part)],
  about: aboutPart(part),
});

const unknownMemory = (part: Part): Problem => ({
  code: 'repair-unproven',
  message: `${nameText(part.member.binding)} in ${part.member.cluster.context} has no ConfigMap. nlbmc cannot see which targets its controller would deregister.`,
  hints: staleCure(part.member, []).hints ?? [],
  about: aboutPart(part),
});

/** Why a full reconcile of a binding must not be triggered; none: it may. */
export function refusalsOf(part: Part, { foreign, unproven }: Releases): readonly Problem[] {
  const { cluster, binding } = part.member;
  const name = `${nameText(binding)} in ${cluster.context}`;
  const about = aboutPart(part);
  const taken = foreign.filter(({ registered }) => registered).length;
  return [
    ...(foreign.length === 0
      ? []
      : [
          {
            code: 'repair-harmful' as const,
            message: `A full reconcile of ${name} deregisters ${taken > 0 ? count(taken, 'target') : 'addresses'} of another cluster or binding: ${foreign.length === 1 ? 'its record has an address' : `its record has ${foreign.length} addresses`} that the other one uses now.`,
            hints: curesOf(part, foreign),
            details: foreign.map(heldText),
            ...(taken > 0 ? { saves: taken } : {}),
            about,
          },
        ]),
    ...(unproven.length === 0
      ? []
      : [
          {
            code: 'repair-unproven' as const,
            message: `A full reconcile of ${name} deregisters ${count(unproven.length, 'target')} that ${unproven.length === 1 ? 'is' : 'are'} not proven to be its own.`,
            hints: curesOf(part, unproven),
            details: unproven.map(heldText),
            saves: unproven.length,
            about,
          },
        ]),
  ];
}

/** Give the pod that has the address now another address; where none is known, read the binding's events. */
function curesOf(part: Part, held: readonly Held[]): readonly Hint[] {
  const cures = new Map(held.flatMap(({ cure }) => (cure ? [[JSON.stringify(cure), cure]] : [])));
  return cures.size > 0 ? [...cures.values()] : [describe(part)];
}
