import { acceptedCount } from '../core/model/acceptance.ts';
import { judgeJoin } from '../core/join/judge-join.ts';
import type { JoinIntent, JoinPlace, NamedGroup, PortMap } from '../core/model/intent.ts';
import type { ObjectName } from '../core/model/kubernetes.ts';
import { leaveHint } from '../core/model/nlbmc-hints.ts';
import type { Hint } from '../core/model/hint.ts';
import type { Recorded } from '../core/observed/evidence.ts';
import type { Observed } from '../core/observed/observed.ts';
import type { Echo } from '../core/plan/echo.ts';
import type { KubeDocument, Plan, WriteStep } from '../core/plan/plan.ts';
import { withoutRefused } from '../core/plan/side-by-side.ts';
import { undoOf } from '../core/plan/undo.ts';
import { findGroups } from '../engine/find-groups.ts';
import type { World } from '../engine/world.ts';
import { aboutService, fromOf } from './enrollment-file.ts';
import type { ChangeOptions } from './change-options.ts';
import { type LocalName, serviceNames } from './service-names.ts';

/** A pod of the primary that is just coming is recorded and registered in a moment or two. */
export const SETTLE_MS = 10_000;

/** Options that say which clusters join which target groups, and how. */
export interface JoinsOptions extends Omit<ChangeOptions, 'context'> {
  /** The clusters that join; the current context where none is named. */
  readonly context?: readonly string[] | undefined;
  readonly primary?: string | undefined;
  /** A file with an Enrollment; `-` is stdin. */
  readonly from?: string | undefined;
  readonly loadBalancer?: string | undefined;
  readonly targetGroup?: readonly NamedGroup[] | undefined;
  readonly mapPort?: readonly PortMap[] | undefined;
  readonly ports?: readonly string[] | undefined;
  /** False: `--no-networking`. */
  readonly networking: boolean;
  readonly fromCidr?: readonly string[] | undefined;
  readonly localService?: LocalName | undefined;
  readonly createService?: true | undefined;
  /** Labels and annotations of what is created. */
  readonly label?: Readonly<Record<string, string>> | undefined;
  readonly annotation?: Readonly<Record<string, string>> | undefined;
  readonly adopt?: true | undefined;
  readonly forceConflicts?: true | undefined;
}

/** The joins that a person requires. */
export interface Joins {
  /** The Service by the name that was typed first: that of the primary, also where none is named. */
  readonly typed: ObjectName;
  readonly service: ObjectName;
  readonly localService: ObjectName;
  /** ARNs of target groups that were named, by themselves or by their load balancer. */
  readonly named: readonly string[] | undefined;
  intents(settled: boolean): readonly JoinIntent[];
  /** The join of one cluster, after everything that could has settled. */
  intentFor(context: string): JoinIntent;
  /** Weighs the rehearsals: a cluster in which one is refused is left out. */
  judge(plan: Plan, observed: Observed, echoes: readonly Echo[]): Plan;
  /** The command that takes a step of a join back. */
  undo(step: WriteStep): Hint;
}

/** What the options of a join mean for these clusters. Reads the load balancer that is named. Raises ProblemError. */
export async function joinsOf(
  name: string,
  options: JoinsOptions,
  joining: readonly string[],
  world: World,
  recorded?: Recorded,
): Promise<Joins> {
  const { primary } = options;
  const { namespace = recorded?.document.metadata.namespace } = options;
  if (recorded && namespace !== undefined) {
    aboutService(recorded.file, recorded.document, { namespace, name });
  }
  const names = serviceNames(name, world, {
    namespace,
    ...(primary === undefined ? {} : { primary }),
    localService: options.localService,
  });
  const { localService } = names;
  const service = primary === undefined && !recorded ? localService : names.service;
  const found = await findGroups(world, {
    loadBalancer: options.loadBalancer,
    targetGroups: options.targetGroup?.map(({ arn }) => arn),
    region: options.region,
  });
  const named = recorded?.document.ports.map(({ targetGroup }) => targetGroup.arn) ?? found;
  const leaking = acceptedCount(options.accept, 'leaking');
  const place: JoinPlace = {
    ...(primary === undefined ? {} : { primary }),
    ...(options.loadBalancer === undefined ? {} : { loadBalancer: options.loadBalancer }),
    ...(options.targetGroup === undefined ? {} : { targetGroups: options.targetGroup }),
    ...(recorded ? { from: fromOf(recorded) } : {}),
    ...(options.mapPort === undefined ? {} : { mapPorts: options.mapPort }),
    ...(options.ports === undefined ? {} : { ports: options.ports }),
    ...(options.networking ? {} : { networking: false as const }),
    ...(options.label === undefined ? {} : { labels: options.label }),
    ...(options.annotation === undefined ? {} : { annotations: options.annotation }),
    ...(options.fromCidr === undefined ? {} : { fromCidrs: options.fromCidr }),
  };
  const intentFor = (context: string, settled = true): JoinIntent => ({
    ...place,
    service,
    localService,
    context,
    // What a document says does not come together by waiting.
    settled: settled || recorded !== undefined,
    localNamed: options.localService !== undefined || (primary === undefined && !recorded),
    createService: options.createService === true,
    adopt: options.adopt === true,
    forceConflicts: options.forceConflicts === true,
    ...(leaking === undefined ? {} : { acceptLeaking: leaking }),
    ...(options.region === undefined ? {} : { region: options.region }),
  });
  return {
    typed: names.service,
    service,
    localService,
    named,
    intentFor: (context) => intentFor(context),
    intents: (settled) => joining.map((context) => intentFor(context, settled)),
    judge: (plan, observed, echoes) =>
      withoutRefused(plan, judgeJoin(plan, observed, echoes, intentFor)),
    undo: (step) => {
      const made = step.kind === 'apply-binding' && step.changes.length === 0;
      if (!made && step.kind !== 'create-service') return undoOf(step);
      return leaveHint({
        service,
        localService,
        context: step.cluster,
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
  };
}

/** The target group of a binding's document. */
const arnIn = (document: KubeDocument): string =>
  (document['spec'] as { readonly targetGroupARN?: string }).targetGroupARN ?? '';
