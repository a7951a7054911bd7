import { verifyHint } from '../core/model/nlbmc-hints.ts';
import { departedOf } from '../core/observed/departed.ts';
import { drainTimeout } from '../core/plan/drain-timeout.ts';
import type { Departed } from '../core/model/intent.ts';
import type { ObjectName } from '../core/model/kubernetes.ts';
import { planPurge } from '../core/purge/plan-purge.ts';
import { ProblemError } from '../core/model/problem.ts';
import { runChange } from '../engine/pipeline.ts';
import type { Io } from '../io.ts';
import { changeBasics, type ChangeOptions, removingOf } from './change-options.ts';
import { readEnrollment } from './enrollment-file.ts';
import { finish } from './finish.ts';
import { knownTarget } from './known-target.ts';
import { placeOf } from './named-place.ts';
import { withSession } from './session.ts';
import { usageError } from './usage-error.ts';

export interface PurgeOptions extends Omit<ChangeOptions, 'context' | 'timeout'> {
  /** Every cluster that is there, the primary among them. */
  readonly context: readonly string[];
  readonly departed?: string | undefined;
  readonly from?: string | undefined;
  readonly loadBalancer?: string | undefined;
  readonly targetGroup?: readonly string[] | undefined;
  readonly knownTarget?: readonly string[] | undefined;
  readonly acceptRemoving?: number | undefined;
  /** Milliseconds; else the longest deregistration delay and five minutes. */
  readonly timeout?: number | undefined;
}

/** `nlbmc purge`: deregisters the targets of clusters that are gone. */
export async function runPurge(
  name: string | undefined,
  options: PurgeOptions,
  io: Io,
): Promise<number> {
  if ((options.departed === undefined) !== (options.from === undefined)) {
    throw usageError(
      '--departed and --from must be used together: --departed names a cluster in the file of --from.',
      'Such a file is written by: nlbmc show SERVICE --context CONTEXT,CONTEXT -o yaml',
    );
  }
  return withSession(options.context, options, io, async (session) => {
    const { world } = session;
    const { service, named } = await placeOf(name, world, options, 5);
    const departed = await readDeparted(options, service, io);
    const contexts = world.kube.map(({ context }) => context);
    const where = `${service.namespace}/${service.name}`;
    const intent = {
      service,
      ...(departed ? { departed } : {}),
      ...removingOf(options),
      knownTargets: (options.knownTarget ?? []).map(knownTarget),
    };
    const outcome = await runChange(world, {
      command: 'purge',
      wants: {
        service,
        localService: service,
        ...(named ? { named } : {}),
        follow: true,
        evidence: true,
        vpcs: true,
        attributes: true,
        ...(options.region === undefined ? {} : { region: options.region }),
      },
      plan: (observed) => planPurge(observed, intent),
      // AWS has no rehearsal for it.
      judge: (plan) => plan,
      replans: true,
      words: () => ({
        done: 'purged',
        already: 'already purged',
        empty: 'purged',
        message: `Nothing is left to purge in the target groups of Service ${where}.`,
        next: verifyHint({ service }, contexts),
      }),
      settleMs: 0,
      ...changeBasics({ ...options, timeout: options.timeout ?? 0 }, session, io, 'always'),
      ...(options.timeout === undefined ? { timeoutFor: drainTimeout } : {}),
    });
    return finish(outcome, options, session, io);
  });
}

/** Raises `usage` for a document that does not fit what is asked. */
async function readDeparted(
  { departed: name, from, context: contexts }: PurgeOptions,
  service: ObjectName,
  io: Io,
): Promise<Departed | undefined> {
  if (name === undefined || from === undefined) return undefined;
  const found = departedOf(await readEnrollment(from, io), {
    name,
    file: from,
    service,
    contexts,
  });
  if (found.ok) return found.value;
  const { message } = found.problem;
  throw new ProblemError({ ...found.problem, message: `--from ${from}: ${message}` });
}
