import type { TargetGroup } from '../model/aws.ts';
import { isHandled, protocolText } from '../model/protocols.ts';
import { listed } from '../model/words.ts';
import { strangeTypes } from '../checks/groups.ts';

/** Why a target group cannot be shared, in words that follow `Here, `. */
export interface UnsharedReason {
  readonly code: 'protocol-unsupported' | 'type-unsupported';
  readonly text: string;
}

/** Why nlbmc cannot share the target group of a port, by its nature; undefined: it can. */
export function unsharedReason(group: TargetGroup, port: number): UnsharedReason | undefined {
  if (!isHandled(group.protocol)) {
    const text = `the target group of port ${port} uses ${protocolText(group.protocol)}`;
    return { code: 'protocol-unsupported', text };
  }
  const strange = strangeTypes(group, port);
  return strange.length > 0 ? { code: 'type-unsupported', text: listed(strange) } : undefined;
}
