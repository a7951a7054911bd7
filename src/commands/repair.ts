import { verifyHint } from '../core/model/nlbmc-hints.ts';
import { judgeRepair } from '../core/repair/judge-repair.ts';
import { planRepair } from '../core/repair/plan-repair.ts';
import { runChange } from '../engine/pipeline.ts';
import type { Io } from '../io.ts';
import { changeBasics, type ChangeOptions } from './change-options.ts';
import { finish } from './finish.ts';
import { knownTarget } from './known-target.ts';
import { placeOf } from './named-place.ts';
import type { LocalName } from './service-names.ts';
import { withSession } from './session.ts';

export interface RepairOptions extends Omit<ChangeOptions, 'context'> {
  /** Clusters of the enrollment; the current context where none is named. */
  readonly context?: readonly string[] | undefined;
  readonly localService?: LocalName | undefined;
  readonly loadBalancer?: string | undefined;
  readonly targetGroup?: readonly string[] | undefined;
  readonly knownTarget?: readonly string[] | undefined;
  readonly allowUnprotected?: true | undefined;
}

/** `nlbmc repair`: repairs what verify finds, where it cannot harm another cluster's target. */
export async function runRepair(
  name: string | undefined,
  options: RepairOptions,
  io: Io,
): Promise<number> {
  const knownTargets = (options.knownTarget ?? []).map(knownTarget);
  return withSession(options.context ?? [], options, io, async (session) => {
    const { world } = session;
    const { service, localService, named } = await placeOf(name, world, options, 5);
    const contexts = world.kube.map(({ context }) => context);
    const intent = {
      service,
      knownTargets,
      allowUnprotected: options.allowUnprotected === true,
    };
    const outcome = await runChange(world, {
      command: 'repair',
      wants: {
        service,
        localService,
        ...(named ? { named } : {}),
        evidence: true,
        follow: true,
        repairing: true,
        vpcs: true,
        ...(options.region === undefined ? {} : { region: options.region }),
      },
      plan: (observed) => planRepair(observed, intent),
      judge: judgeRepair,
      words: () => ({
        done: 'repaired',
        already: 'nothing to repair',
        empty: 'repaired',
        message: `Nothing is left to repair for Service ${service.namespace}/${service.name}.`,
        next: verifyHint({ service, localService }, contexts, { wait: true }),
      }),
      settleMs: 0,
      repeats: true,
      replans: true,
      ...changeBasics(options, session, io, 'always'),
    });
    return finish(outcome, options, session, io);
  });
}
