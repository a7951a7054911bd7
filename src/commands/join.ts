import { advice } from '../core/model/hint.ts';
import { acceptedCount } from '../core/model/acceptance.ts';
import { leaveHint, verifyHint } from '../core/model/nlbmc-hints.ts';
import { undoOf } from '../core/plan/undo.ts';
import { judgeJoin } from '../core/join/judge-join.ts';
import { planJoins } from '../core/join/plan-joins.ts';
import { withoutRefused } from '../core/plan/side-by-side.ts';
import { listed } from '../core/model/words.ts';
import { ProblemError } from '../core/model/problem.ts';
import { runChange } from '../engine/pipeline.ts';
import { readTemplates } from '../engine/templates.ts';
import type { Io } from '../io.ts';
import { changeBasics, type ChangeOptions } from './change-options.ts';
import { finish } from './finish.ts';
import { type LocalName, serviceNames } from './service-names.ts';
import { currentContext, withSession } from './session.ts';
import type { JoinIntent, JoinPlace, NamedGroup, PortMap } from '../core/model/intent.ts';
import { nameText } from '../core/model/kubernetes.ts';
import type { KubeDocument } from '../core/plan/plan.ts';
import { findGroups } from '../engine/find-groups.ts';

export interface JoinOptions extends Omit<ChangeOptions, 'context'> {
  /** The clusters that join; the current context where none is named. */
  readonly context?: readonly string[] | undefined;
  readonly primary?: string | undefined;
  readonly loadBalancer?: string | undefined;
  readonly targetGroup?: readonly NamedGroup[] | undefined;
  readonly mapPort?: readonly PortMap[] | undefined;
  readonly ports?: readonly string[] | undefined;
  /** False: `--no-networking`. */
  readonly networking: boolean;
  readonly fromCidr?: readonly string[] | undefined;
  readonly localService?: LocalName | undefined;
  readonly createService?: true | undefined;
  readonly adopt?: true | undefined;
  readonly forceConflicts?: true | undefined;
}

/** A pod of the primary that is just coming is recorded and registered in a moment or two. */
const SETTLE_MS = 10_000;

/** Raises `usage` for options that leave open where the target groups are, or that would have no effect. */
function checkUsage(contexts: readonly string[], options: JoinOptions): void {
  const { primary, loadBalancer, targetGroup } = options;
  const refuse = (message: string, hint: string): never => {
    throw new ProblemError({ code: 'usage', message, hints: [advice(hint)] });
  };
  if (primary === undefined && loadBalancer === undefined && targetGroup === undefined) {
    refuse(
      'Nothing names the target groups to join.',
      'Name a cluster that is enrolled already with --primary, or the load balancer with --load-balancer, or target groups with --target-group.',
    );
  }
  if (primary !== undefined && contexts.includes(primary) && options.localService === undefined) {
    refuse(
      `${primary} cannot join itself: --primary names the same context.`,
      'Name the cluster that joins with --context, or a second Service of this cluster with --local-service.',
    );
  }
  if (contexts.length > 1 && options.output === 'manifest') {
    refuse(
      '-o manifest prints what is to be applied in one cluster, and several are named.',
      'Run the command once for each cluster.',
    );
  }
  if (primary === undefined && options.createService) {
    refuse(
      '--create-service works only with --primary: the Service of that cluster is the pattern.',
      'Create the Service first.',
    );
  }
}

/** `nlbmc join`: registers the endpoints of a cluster's Service in target groups that others share. */
export async function runJoin(name: string, options: JoinOptions, io: Io): Promise<number> {
  const joining = [...new Set(options.context ?? [await currentContext(options, io)])];
  const { primary } = options;
  checkUsage(joining, options);
  const contexts = primary === undefined ? joining : [primary, ...joining];
  return withSession(contexts, options, io, async (session) => {
    const { world } = session;
    const names = serviceNames(name, world, {
      namespace: options.namespace,
      ...(primary === undefined ? {} : { primary }),
      localService: options.localService,
    });
    const { localService } = names;
    const service = primary === undefined ? localService : names.service;
    const named = await findGroups(world, {
      loadBalancer: options.loadBalancer,
      targetGroups: options.targetGroup?.map(({ arn }) => arn),
      region: options.region,
    });
    const leaking = acceptedCount(options.accept, 'leaking');
    const place: JoinPlace = {
      ...(primary === undefined ? {} : { primary }),
      ...(options.loadBalancer === undefined ? {} : { loadBalancer: options.loadBalancer }),
      ...(options.targetGroup === undefined ? {} : { targetGroups: options.targetGroup }),
      ...(options.mapPort === undefined ? {} : { mapPorts: options.mapPort }),
      ...(options.ports === undefined ? {} : { ports: options.ports }),
      ...(options.networking ? {} : { networking: false as const }),
      ...(options.fromCidr === undefined ? {} : { fromCidrs: options.fromCidr }),
    };
    const intentFor = (context: string): Omit<JoinIntent, 'settled'> => ({
      ...place,
      service,
      localService,
      context,
      localNamed: options.localService !== undefined || primary === undefined,
      createService: options.createService === true,
      adopt: options.adopt === true,
      forceConflicts: options.forceConflicts === true,
      ...(leaking === undefined ? {} : { acceptLeaking: leaking }),
      ...(options.region === undefined ? {} : { region: options.region }),
    });
    const templates = await readTemplates();
    // A second Service of one cluster.
    const beside = joining.length === 1 && joining[0] === primary;
    const where = primary === undefined ? '' : ` of ${primary}`;
    const outcome = await runChange(world, {
      command: 'join',
      wants: {
        service,
        localService,
        ...(primary === undefined ? {} : { primary }),
        ...(named ? { named } : {}),
        joining,
      },
      plan: (observed, settled) =>
        planJoins(
          observed,
          joining.map((context) => ({ ...intentFor(context), settled })),
          templates,
        ),
      judge: (plan, observed, echoes) =>
        withoutRefused(
          plan,
          judgeJoin(plan, observed, echoes, (context) => ({
            ...intentFor(context),
            settled: true,
          })),
        ),
      words: () => ({
        done: 'joined',
        already: 'already joined',
        empty: 'joined without capacity',
        message:
          primary === undefined
            ? `Service ${nameText(localService)} of ${listed(joining)} is enrolled.`
            : beside
              ? `Service ${nameText(localService)} of ${primary} is enrolled beside ${nameText(service)}.`
              : `${listed(joining)} ${joining.length === 1 ? 'is' : 'are'} enrolled in Service ${nameText(service)}${where}.`,
        next: verifyHint(beside ? { service } : { service, localService }, [...new Set(contexts)]),
      }),
      settleMs: SETTLE_MS,
      ...(primary === undefined ? {} : { recheck: primary }),
      ...changeBasics(options, session, io),
      undo: (step) => {
        const made = step.kind === 'apply-binding' && step.changes.length === 0;
        if (!made && step.kind !== 'create-service') return undoOf(step);
        return leaveHint({
          service,
          localService,
          context: step.cluster ?? '',
          ...(primary === undefined
            ? {
                loadBalancer: options.loadBalancer,
                targetGroups: options.loadBalancer === undefined ? (named ?? []) : [],
              }
            : primary === step.cluster
              ? { targetGroups: step.kind === 'apply-binding' ? [arnIn(step.document)] : [] }
              : { primary }),
          deleteService: options.createService === true,
        });
      },
    });
    return finish(outcome, options.output, session, io);
  });
}

/** The target group of a binding's document. */
const arnIn = (document: KubeDocument): string =>
  (document['spec'] as { readonly targetGroupARN?: string }).targetGroupARN ?? '';
