import { nameText } from '../model/kubernetes.ts';
import type { Code } from '../model/codes.ts';
import type { Binding } from '../model/kubernetes.ts';
import type { PortCase } from '../observed/port-case.ts';
import type { Problem } from '../model/problem.ts';
import { staleCure } from '../progress/stale-cure.ts';
import { parseTarget, targetText } from '../model/target-key.ts';
import { listed } from '../model/words.ts';

/** Why a repair leaves a thing alone, by the code of what `verify` says of it. */
const reasons: Partial<Record<Code, string>> = {
  'member-missing': 'joining a cluster is for a person to decide.',
  'binding-exclusive':
    'its controller would take out again what is put right, so that this comes first.',
  'binding-terminating': 'what is being deleted cannot be mended.',
  'service-missing': 'the Service is yours to make.',
  'port-missing': 'the port is yours to add.',
  'controller-missing': 'without its controller nothing reaches the target group.',
  'endpoint-untracked':
    'its controller goes on with what it has in memory, and writes the record only when it registers or deregisters something. A look alone does neither.',
  'endpoint-unregistered':
    'the look that registers it is refused, or no controller can make it, or another binding lists the address and takes it out again.',
  'target-unhealthy': 'it is registered; what it answers to health checks is its own doing.',
  'no-endpoints': 'there is nothing to register.',
  'target-unclaimed': 'whose it is, a person has to say.',
  'target-contested': 'which of them may keep the address, a person has to say.',
  'deletion-unprotected': 'switching protection on is what enable does.',
  'bindings-missing': 'the controller would make nothing of a touch as things are.',
};

/** Each problem with the reason why it is not repaired, once. */
export const explained = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(
    problems.map((problem) => {
      const reason = reasons[problem.code];
      const { hint, ...told } = problem;
      // This is the repair: to type it again is no advice.
      const cure = hint === undefined || hint.startsWith('nlbmc repair ') ? {} : { hint };
      const details = [...(problem.details ?? []), ...(reason ? [`Why not: ${reason}`] : [])];
      return [
        `${problem.cluster ?? ''} ${problem.code} ${problem.message}`,
        { ...told, ...cure, ...(details.length > 0 ? { details } : {}) },
      ] as const;
    }),
  ).values(),
];

/**
 * Addresses that a binding tracks and that are neither registered nor an endpoint: harmless until
 * one of them is used again, by whomever. A look in full does not drop them, since it changes
 * nothing for them: only the next registration or deregistration writes the record anew. `mended`:
 * bindings that are put right already; that writes it.
 */
export const staleRecords = (context: PortCase, mended: ReadonlySet<Binding>): readonly Problem[] =>
  context.parts.flatMap((part): readonly Problem[] => {
    const { member, tracked, eligible } = part;
    const { cluster, binding } = member;
    const stale = [...tracked].flatMap((key) => {
      const found = context.registered.get(key);
      if (eligible.has(key) || found) return [];
      // Another binding's address: that one is told as contested.
      if (
        context.parts.some(
          (other) => other !== part && (other.eligible.has(key) || other.tracked.has(key)),
        )
      )
        return [];
      return parseTarget(key) ?? [];
    });
    if (stale.length === 0 || mended.has(binding)) return [];
    const cure = staleCure(member, []).hint;
    return [
      {
        code: 'leftover-tracked-targets',
        message: `${nameText(binding)} in ${cluster.context} still tracks ${listed(stale.map(targetText))}, which ${stale.length === 1 ? 'is' : 'are'} neither registered nor an endpoint. That is harmless until ${stale.length === 1 ? 'the address is' : 'an address of these is'} used again; the controller drops ${stale.length === 1 ? 'it' : 'them'} when its endpoints change.`,
        ...(cure === undefined ? {} : { hint: cure }),
        cluster: cluster.context,
      },
    ];
  });
