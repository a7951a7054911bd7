import { bindingsOf } from '../observed/enrollment.ts';
import { nameText } from '../model/kubernetes.ts';
import { endpointProblems, goneProblem, isControllerDown } from '../verify/endpoint-problems.ts';
import type { Binding } from '../model/kubernetes.ts';
import { isRegistered } from '../observed/member.ts';
import type { Step } from '../plan/plan.ts';
import type { Part, PortCase } from '../observed/port-case.ts';
import { describeObject } from '../model/commands.ts';
import type { Problem } from '../model/problem.ts';
import { type Held, heldText, type Releases, releasesOf } from './releases.ts';
import { portOf } from '../model/service-ports.ts';
import { staleCure } from '../progress/stale-cure.ts';
import { count } from '../model/words.ts';

/** How a binding is mended: by a look in full of its own controller, and by nothing else. */
export interface BindingMend {
  readonly binding: Binding;
  readonly step?: Extract<Step, { kind: 'reset-checkpoint' }>;
  /** Messages of the problems of `verify` that are gone after it. */
  readonly mends: readonly string[];
  /** Why it is not done, where there would be something to do. */
  readonly refusals: readonly Problem[];
}

/** What a look in full would mend: endpoints to register, and targets that their endpoints left. */
function mendable(part: Part, context: PortCase): readonly string[] {
  const { tracked, eligible } = part;
  const others = context.parts.filter((other) => other !== part);
  const missing = [...eligible].filter(([key]) => {
    const found = context.registered.get(key);
    // One that another binding tracks is deregistered there again, whatever is done here.
    return (!found || !isRegistered(found)) && !others.some((other) => other.tracked.has(key));
  });
  const gone = [...tracked].filter((key) => !eligible.has(key));
  const gonePresent = gone.flatMap((key) => goneProblem(key, part, context)?.message ?? []);
  const messages = [
    ...missing.flatMap(([, endpoint]) =>
      endpointProblems(endpoint, part, context).map(({ message }) => message),
    ),
    ...gonePresent,
  ];
  if (messages.length === 0) return [];
  // Each registration and each deregistration writes the whole set anew.
  const untracked = [...eligible.values()].flatMap((endpoint) =>
    endpointProblems(endpoint, part, context)
      .filter(({ code }) => code === 'endpoint-untracked')
      .map(({ message }) => message),
  );
  return [...messages, ...untracked];
}

/** A controller that could look, at a binding that shares, for a Service and port that are there. */
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
 * Decides whether a binding's controller is made to look in full (its checkpoint is blanked): it
 * then registers what is missing, and deregisters what it tracks and has no endpoint for. Only where
 * every one of these is proven to be its own. All readings of the port are known.
 */
export function mendBinding(part: Part, context: PortCase): BindingMend {
  const { cluster, binding, tracked } = part.member;
  const nothing: BindingMend = { binding, mends: [], refusals: [] };
  const mends = mendable(part, context);
  if (mends.length === 0 || !isAble(part)) return nothing;
  const exclusive = context.observed.clusters
    .flatMap((one) => bindingsOf(one, context.arn))
    .some(({ multiCluster }) => !multiCluster);
  // Its controller takes out again what is put right here: that one comes first.
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

const untested = ({ member: { cluster, binding } }: Part): Problem => ({
  code: 'flavour-unverified',
  message: `${nameText(binding)} in ${cluster.context} is one of EKS Auto Mode, whose controller this version of nlbmc has not been tested with: it is not made to look again.`,
  hint: describeObject(cluster.context, 'targetgroupbinding', binding),
  cluster: cluster.context,
});

const unknownMemory = ({ member }: Part): Problem => {
  const { cluster, binding } = member;
  const cure = staleCure(member, []).hint;
  return {
    code: 'repair-unproven',
    message: `${nameText(binding)} in ${cluster.context} has no ConfigMap: what its controller has in memory, and would deregister, cannot be seen.`,
    ...(cure === undefined ? {} : { hint: cure }),
    cluster: cluster.context,
  };
};

/** Why the controller of a binding must not be made to look in full; none: it may. */
export function refusalsOf(part: Part, { foreign, unproven }: Releases): readonly Problem[] {
  const { cluster, binding } = part.member;
  const name = `${nameText(binding)} in ${cluster.context}`;
  const about = { cluster: cluster.context };
  const taken = foreign.filter(({ registered }) => registered).length;
  return [
    ...(foreign.length === 0
      ? []
      : [
          {
            code: 'repair-harmful' as const,
            message: `A look in full at ${name} deregisters ${taken > 0 ? count(taken, 'target') : 'addresses'} of somebody else: ${foreign.length === 1 ? 'it has an address' : `it has ${foreign.length} addresses`} on record that ${foreign.length === 1 ? 'was' : 'were'} used again.`,
            hint: cureOf(part, foreign),
            details: foreign.map(heldText),
            ...(taken > 0 ? { saves: taken } : {}),
            ...about,
          },
        ]),
    ...(unproven.length === 0
      ? []
      : [
          {
            code: 'repair-unproven' as const,
            message: `A look in full at ${name} deregisters ${count(unproven.length, 'target')} that ${unproven.length === 1 ? 'is' : 'are'} not proven to be its own.`,
            hint: cureOf(part, unproven),
            details: unproven.map(heldText),
            saves: unproven.length,
            ...about,
          },
        ]),
  ];
}

/** Whoever has an address now can get another one; else the binding's events tell more. */
function cureOf({ member: { cluster, binding } }: Part, held: readonly Held[]): string {
  const cures = [...new Set(held.flatMap(({ cure }) => cure ?? []))];
  return cures.length > 0
    ? cures.join('\n')
    : describeObject(cluster.context, 'targetgroupbinding', binding);
}
