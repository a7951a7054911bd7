import { verifyHint } from '../core/model/nlbmc-hints.ts';
import { drainTimeout } from '../core/plan/drain-timeout.ts';
import { judgeLeave } from '../core/leave/judge-leave.ts';
import { leftTexts, rerunHint, stayingBindings } from '../core/leave/plan-leave.ts';
import { arnsToLeave } from '../core/leave/leave-case.ts';
import { planLeaves } from '../core/leave/plan-leaves.ts';
import { withoutRefused } from '../core/plan/side-by-side.ts';
import { runChange } from '../engine/pipeline.ts';
import type { Io } from '../io.ts';
import { acceptedLeaving, changeBasics, type ChangeOptions } from './change-options.ts';
import { aboutService, readEnrollment } from './enrollment-file.ts';
import { finish } from './finish.ts';
import { type LocalName, serviceNames } from './service-names.ts';
import { findGroups } from '../engine/find-groups.ts';
import { currentContext, withSession } from './session.ts';
import { usageError } from './usage-error.ts';

export interface LeaveOptions extends Omit<ChangeOptions, 'timeout' | 'context'> {
  /** The clusters that leave; the current context where none is named. */
  readonly context?: readonly string[] | undefined;
  readonly primary?: string | undefined;
  /** A file with an Enrollment; `-` is stdin. */
  readonly from?: string | undefined;
  /** ARNs. */
  readonly targetGroup?: readonly string[] | undefined;
  readonly loadBalancer?: string | undefined;
  readonly localService?: LocalName | undefined;
  readonly deleteService?: true | undefined;
  readonly withoutController?: true | undefined;
  readonly minHealthy: number;
  readonly minHealthyPerZone?: number | undefined;
  readonly acceptRemoving?: number | undefined;
  /** Milliseconds; else the longest deregistration delay and five minutes. */
  readonly timeout?: number | undefined;
}

/** `nlbmc leave`: takes a cluster's endpoints out of the target groups, and waits until they drained. */
export async function runLeave(name: string, options: LeaveOptions, io: Io): Promise<number> {
  const leaving = [...new Set(options.context ?? [await currentContext(options, io)])];
  const { primary } = options;
  if (primary !== undefined && leaving.includes(primary)) {
    throw usageError(
      `${primary} is named both as the cluster that leaves and as the primary.`,
      'Name the cluster that leaves with --context.',
    );
  }
  const document = options.from === undefined ? undefined : await readEnrollment(options.from, io);
  if (document && options.from !== undefined) aboutService(options.from, document, { name });
  const targetGroups = [
    ...(options.targetGroup ?? []),
    ...(document?.ports.map(({ targetGroup }) => targetGroup.arn) ?? []),
  ];
  const contexts = primary === undefined ? leaving : [primary, ...leaving];
  return withSession(contexts, options, io, async (session) => {
    const { world } = session;
    const { namespace = document?.metadata.namespace } = options;
    if (document && options.from !== undefined && namespace !== undefined) {
      aboutService(options.from, document, { namespace, name });
    }
    const { service, localService } = serviceNames(name, world, {
      namespace,
      ...(primary === undefined ? {} : { primary }),
      localService: options.localService,
    });
    const named = await findGroups(world, {
      loadBalancer: options.loadBalancer,
      region: options.region,
    });
    const intents = leaving.map((context) => ({
      service,
      localService,
      context,
      ...(primary === undefined ? {} : { primary }),
      ...(options.loadBalancer === undefined ? {} : { loadBalancer: options.loadBalancer }),
      targetGroups,
      deleteService: options.deleteService === true,
      withoutController: options.withoutController === true,
      minHealthy: options.minHealthy,
      ...(options.minHealthyPerZone === undefined
        ? {}
        : { minHealthyPerZone: options.minHealthyPerZone }),
      ...acceptedLeaving(options),
    }));
    const outcome = await runChange(world, {
      command: 'leave',
      wants: {
        service,
        localService,
        leaving,
        deleteService: options.deleteService === true,
        attributes: true,
        targetGroups,
        ...(named ? { named } : {}),
        ...(primary === undefined ? {} : { primary }),
        ...(options.region === undefined ? {} : { region: options.region }),
      },
      plan: (observed) => planLeaves(observed, intents),
      judge: (plan, _observed, echoes) => withoutRefused(plan, judgeLeave(plan, echoes)),
      rerun: (observed) =>
        rerunHint(
          intents,
          intents.flatMap((intent) => arnsToLeave(observed, intent)),
        ),
      words: (observed) => ({
        done: 'left',
        already: 'already left',
        empty: 'left',
        message: leftTexts(observed, intents),
        next: {
          ...verifyHint({ service }, [
            primary ?? { any: true },
            ...intents
              .filter((intent) => stayingBindings(observed, intent).length > 0)
              .map(({ context }) => context),
          ]),
          where: 'in the clusters that stay',
        },
      }),
      settleMs: 0,
      replans: true,
      ...changeBasics({ ...options, timeout: options.timeout ?? 0 }, session, io, 'always'),
      ...(options.timeout === undefined ? { timeoutFor: drainTimeout } : {}),
    });
    return finish(outcome, options, session, io);
  });
}
