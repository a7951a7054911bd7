import { capacityOf, type PortCapacity } from '../observed/capacity.ts';
import type { LeaveIntent } from '../model/intent.ts';
import { unreadOf } from '../observed/member.ts';
import { goesWithController, goesWithoutController, type PortGoes } from './port-goes.ts';
import { type PortSets, portSets, type SetFacts } from './port-sets.ts';
import type { Problem } from '../model/problem.ts';
import { targetKey } from '../model/target-key.ts';

/** One target group that a cluster leaves: what was read of it, and what goes. */
export interface LeavePort extends PortSets, PortGoes {
  /** Port of the Service; null: no binding is left that tells. */
  readonly port: number | string | null;
  /** What stays when the own targets leave; undefined where the target group is gone. */
  readonly capacity: PortCapacity | undefined;
}

/** What a port is gathered from. */
interface LeaveFacts extends SetFacts {
  readonly intent: LeaveIntent;
}

/** Gathers what is known of one target group, or what is needed and could not be read. */
export function leavePort(arn: string, facts: LeaveFacts): LeavePort | readonly Problem[] {
  const { observed, intent } = facts;
  const sets = portSets(arn, facts);
  if (!('arn' in sets)) return sets;
  const going = intent.withoutController
    ? goesWithoutController(sets, facts)
    : goesWithController(sets, facts);
  const port = sets.members[0]?.port ?? null;
  const leaving = new Set(going.goes.map(targetKey));
  const aside = new Set(intent.beside?.[arn]);
  const capacity = sets.group ? capacityOf(observed, { arn, port, leaving, aside }) : undefined;
  if (capacity && !capacity.ok) return unreadOf([capacity]);
  return { ...sets, ...going, port, capacity: capacity?.value };
}
