import type { NlbmcHint } from '../model/hint.ts';
import { leaveHint } from '../model/nlbmc-hints.ts';
import { nlbmc } from '../model/commands.ts';
import { nameText, sameName } from '../model/kubernetes.ts';
import type { LeaveIntent } from '../model/intent.ts';

/** The command line of a leave; a hint changes the intent and nothing else. */
export const leaveCommand = (intent: LeaveIntent): string =>
  nlbmc(
    'leave',
    intent.service,
    '--context',
    intent.context,
    ...(intent.primary === undefined ? [] : ['--primary', intent.primary]),
    ...intent.targetGroups.flatMap((arn) => ['--target-group', arn]),
    ...(sameName(intent.localService, intent.service)
      ? []
      : ['--local-service', nameText(intent.localService)]),
    ...(intent.deleteService ? ['--delete-service'] : []),
    ...(intent.withoutController ? ['--without-controller'] : []),
    ...(intent.minHealthy > 1 ? ['--min-healthy', String(intent.minHealthy)] : []),
    ...(intent.minHealthyPerZone === undefined
      ? []
      : ['--min-healthy-per-zone', String(intent.minHealthyPerZone)]),
    ...(intent.acceptRemoving === undefined ? [] : [`--accept-removing=${intent.acceptRemoving}`]),
  );

/**
 * The command that goes on where this run was cut off. It names the target groups: once the
 * bindings are gone, nothing in the cluster tells which they were.
 */
export function rerunHint(intent: LeaveIntent, arns: readonly string[]): NlbmcHint {
  const { primary: _, ...others } = intent;
  return leaveHint({ ...others, targetGroups: arns });
}
