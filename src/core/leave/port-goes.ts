import { bindingFinalizer } from '../model/annotations.ts';
import { contestedTargets, type ContestedTarget } from '../observed/contested-targets.ts';
import type { Binding } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { Observed } from '../observed/observed.ts';
import { type PortSets, recordOf } from './port-sets.ts';
import { collidingBindings } from '../observed/tracking-collision.ts';
import { eligibleKeys } from '../observed/member.ts';
import { valueOf } from '../model/problem.ts';
import type { Target } from '../model/target.ts';
import { targetKey } from '../model/target-key.ts';

/** What a leave deregisters from one target group, and what it must not deregister. */
export interface PortGoes {
  /** Targets that leave the target group. */
  readonly goes: readonly Target[];
  /** Others' targets that a deletion takes, since a binding is exclusive. */
  readonly others: readonly Target[];
  /** Own targets that no controller would deregister. */
  readonly leaking: readonly Target[];
  /** Own targets that nlbmc deregisters, since the controller has no record of its own for them. */
  readonly unrecorded: readonly Target[];
  /** Those that would be deregistered, and are another cluster's by now. */
  readonly contested: readonly ContestedTarget[];
}

interface Where {
  readonly observed: Observed;
  readonly leaving: ClusterView;
}

/**
 * Whether the controller has taken a binding on: only then does it act on its deletion. What Auto
 * Mode calls its finalizer is not documented: any one counts there.
 */
export const isHeld = ({ finalizers, flavour }: Binding): boolean =>
  flavour === 'lbc' ? finalizers.includes(bindingFinalizer) : finalizers.length > 0;

/** The controller deregisters what it tracks; of an exclusive binding, every target there is. */
export function goesWithController(port: PortSets, { observed, leaving }: Where): PortGoes {
  const { arn, eligible, members, shared, standing, tracked } = port;
  const recorded = new Set(tracked.map(targetKey));
  // What this binding does not track belongs to the other binding alone, and is not deregistered.
  const kept = new Set(
    shared.map(({ target }) => targetKey(target)).filter((key) => !recorded.has(key)),
  );
  const own = port.own.filter((target) => !kept.has(targetKey(target)));
  const exclusive = members.some(({ binding }) => !binding.terminating && !binding.multiCluster);
  const mine = new Set(own.map(targetKey));
  const others = exclusive ? standing.filter((target) => !mine.has(targetKey(target))) : [];
  const byRecord = new Set(
    members
      .filter(({ binding }) => isHeld(binding))
      .flatMap((member) => recordOf(leaving, member).map(targetKey)),
  );
  const confused = new Set(
    members
      .filter(({ binding }) => collidingBindings(leaving, binding).length > 0)
      .flatMap((member) => [...eligibleKeys(valueOf(member.eligible) ?? [])]),
  );
  const left =
    exclusive || members.length === 0
      ? []
      : own.filter((target) => !byRecord.has(targetKey(target)));
  const there = new Set(standing.map(targetKey));
  return {
    goes: [...own, ...others],
    others,
    leaking: left.filter((target) => !confused.has(targetKey(target))),
    unrecorded: left.filter((target) => confused.has(targetKey(target))),
    contested: contestedTargets(observed, leaving, {
      arn,
      targets: tracked.filter((target) => there.has(targetKey(target))),
      eligible,
    }),
  };
}

/**
 * nlbmc deregisters what is the cluster's own, whatever the flag of a binding says. What is known to
 * be another's stays and goes on serving; what may be is refused.
 */
export function goesWithoutController(port: PortSets, { observed, leaving }: Where): PortGoes {
  const { arn, eligible, members, own, shared, tracked } = port;
  // What nlbmc deregisters itself need not be recorded: an endpoint may be at another's address, too.
  const contested = contestedTargets(observed, leaving, { arn, targets: own, eligible });
  const foreign = new Set(
    contested.filter(({ unsure }) => !unsure).map(({ target }) => targetKey(target)),
  );
  // What a binding that stays has, too, is not taken from it: only a controller does that.
  const kept = new Set(shared.map(({ target }) => targetKey(target)));
  const goes = own.filter(
    (target) => !foreign.has(targetKey(target)) && !kept.has(targetKey(target)),
  );
  const recorded = new Set(tracked.map(targetKey));
  return {
    goes,
    others: [],
    unrecorded: [],
    leaking: members.length === 0 ? [] : goes.filter((target) => !recorded.has(targetKey(target))),
    contested,
  };
}
