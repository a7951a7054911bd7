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
  'member-missing': 'a person decides whether a cluster joins.',
  'binding-exclusive':
    'its controller would deregister the repaired targets again, so repair this first.',
  'binding-terminating': 'nlbmc does not repair an object that is being deleted.',
  'reconcile-failed': 'a person must correct what the controller refuses.',
  'service-missing': 'a person must create the Service.',
  'port-missing': 'a person must add the port.',
  'controller-missing': 'without its controller no change reaches the target group.',
  'controller-stalled':
    'a controller that does not act does not run the reconcile of a repair either.',
  'endpoint-untracked':
    'its controller uses an outdated list of targets. It writes the ConfigMap only when it registers or deregisters a target, and a reconcile alone does neither.',
  'endpoint-unregistered':
    'nlbmc refuses the reconcile that registers it, or no controller runs, or another binding tracks the address and deregisters it again.',
  'target-unhealthy':
    'it is registered. Only the application can change its answer to health checks.',
  'no-endpoints': 'there is nothing to register.',
  'target-unclaimed': 'a person must name the cluster that it belongs to.',
  'target-contested': 'a person must decide which of them keeps the address.',
  'deletion-unprotected': 'enable turns protection on.',
  'binding-stale': 'no reconcile registers anything in a target group that does not exist.',
  'bindings-missing': 'the controller would ignore a change of the Service at present.',
};

/** A repair of the clusters that are listed already; one with another cluster leads on. */
const isSameRepair = (hint: Hint): boolean =>
  hint.kind === 'nlbmc' &&
  hint.command === 'repair' &&
  [hint.options['context']].flat().every((context) => typeof context === 'string');

/**
 * Each problem with the reason why it is not repaired, once. `again` is given where this repair makes
 * the bindings of the Service that owns the load balancer multi-cluster: until then their controller deregisters what is registered for
 * other clusters, so these targets are for the same repair, typed once more.
 */
export const explained = (problems: readonly Problem[], again?: Hint): readonly Problem[] =>
  eachOnce(problems).map((problem) => {
    if (again && problem.code === 'endpoint-unregistered') {
      const why =
        'Why not: the binding of the Service that owns the load balancer must be multi-cluster first. Then repair again.';
      return { ...problem, details: [...(problem.details ?? []), why], hints: [again] };
    }
    const reason = reasons[problem.code];
    const { hints = [], ...told } = problem;
    // This is the repair: the same command again is no advice.
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
      // Another binding's address is reported as contested.
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
        message: `${nameText(binding)} in ${cluster.context} still tracks ${listed(stale.map(targetText))}, which ${stale.length === 1 ? 'is' : 'are'} neither registered nor an endpoint. That is harmless until ${stale.length === 1 ? 'the address' : 'one of these addresses'} is used again. The controller removes ${stale.length === 1 ? 'it' : 'them'} from its record when its endpoints change.`,
        hints,
        about: {
          cluster: cluster.context,
          binding: { namespace: binding.namespace, name: binding.name },
        },
      },
    ];
  });
