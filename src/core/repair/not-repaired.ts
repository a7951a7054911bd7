import { nameText } from '../model/kubernetes.ts';
import type { Hint } from '../model/hint.ts';
import type { Code } from '../model/codes.ts';
import type { Binding } from '../model/kubernetes.ts';
import type { PortCase } from '../observed/port-case.ts';
import { eachOnce } from '../model/problem-key.ts';
import type { Problem } from '../model/problem.ts';
import { staleCure } from '../progress/stale-cure.ts';
import { parseTarget, targetText } from '../model/target-key.ts';
import { listed } from '../model/words.ts';

/** Why a repair leaves a thing alone, by the code of what `verify` says of it. */
const reasons: Partial<Record<Code, string>> = {
  'member-missing': 'joining a cluster is for a person to decide.',
  'binding-exclusive':
    'its controller would deregister again what is repaired, so this comes first.',
  'binding-terminating': 'what is being deleted cannot be repaired.',
  'reconcile-failed': 'a person has to correct what the controller refuses.',
  'service-missing': 'a person has to make the Service.',
  'port-missing': 'a person has to add the port.',
  'controller-missing': 'without its controller no change reaches the target group.',
  'controller-stalled': 'a controller that does not act would not do what a repair asks of it.',
  'endpoint-untracked':
    'its controller uses its outdated list of targets, and writes the record only when it registers or deregisters a target. A reconcile alone does neither.',
  'endpoint-unregistered':
    'the reconcile that registers it is refused, or no controller runs, or another binding tracks the address and deregisters it again.',
  'target-unhealthy':
    'it is registered; only the application changes what it answers to health checks.',
  'no-endpoints': 'there is nothing to register.',
  'target-unclaimed': 'a person has to say whose it is.',
  'target-contested': 'a person has to say which of them keeps the address.',
  'deletion-unprotected': 'enable turns protection on.',
  'bindings-missing': 'the controller would ignore a change of the Service at present.',
};

/** A repair of the clusters that are listed already; one with another cluster leads on. */
const isSameRepair = (hint: Hint): boolean =>
  hint.kind === 'nlbmc' &&
  hint.command === 'repair' &&
  [hint.options['context']].flat().every((context) => typeof context === 'string');

/** Each problem with the reason why it is not repaired, once. */
export const explained = (problems: readonly Problem[]): readonly Problem[] =>
  eachOnce(problems).map((problem) => {
    const reason = reasons[problem.code];
    const { hints = [], ...told } = problem;
    // This is the repair: to type it again is no advice.
    const others = hints.filter((hint) => !isSameRepair(hint));
    const details = [...(problem.details ?? []), ...(reason ? [`Why not: ${reason}`] : [])];
    return {
      ...told,
      ...(others.length > 0 ? { hints: others } : {}),
      ...(details.length > 0 ? { details } : {}),
    };
  });

/**
 * Addresses that a binding tracks and that are neither registered nor an endpoint: harmless until
 * one of them is used again. A full reconcile does not drop them, since it changes nothing for
 * them: only the next registration or deregistration writes the record again. `mended`: bindings
 * that are repaired already; that writes it.
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
    const hints = staleCure(member, []).hints ?? [];
    return [
      {
        code: 'leftover-tracked-targets',
        message: `${nameText(binding)} in ${cluster.context} still tracks ${listed(stale.map(targetText))}, which ${stale.length === 1 ? 'is' : 'are'} neither registered nor an endpoint. That is harmless until ${stale.length === 1 ? 'the address is' : 'an address of these is'} used again; the controller drops ${stale.length === 1 ? 'it' : 'them'} when its endpoints change.`,
        hints,
        about: {
          cluster: cluster.context,
          binding: { namespace: binding.namespace, name: binding.name },
        },
      },
    ];
  });
