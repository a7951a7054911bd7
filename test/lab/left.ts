import type { KubeObject } from '../../src/sandbox/kube/object.ts';
import { bindingsOf } from './enrollment.ts';
import {
  ignoredFields,
  ignoredItems,
  ignoredMessages,
  ignoredReporters,
  ignoredTexts,
  namesOneOfSeveral,
} from './ignored-fields.ts';
import { registered } from './targets.ts';
import { recordOrder } from './record-order.ts';
import { findRoles, type Roles } from './roles.ts';
import type { LabCluster, LabStage, Scenario } from './stage.ts';

/** One run of nlbmc, as it was typed. */
export interface Run {
  readonly line: string;
  readonly code: number;
  readonly report: unknown;
}

/** What a scenario leaves behind, as plain data in which every name is a role. */
export type Left = Readonly<Record<string, unknown>>;

/** Looks at everything that is compared. */
export async function whatIsLeft(stage: LabStage, runs: readonly Run[]): Promise<Left> {
  const roles = await findRoles(stage);
  const clusters: Record<string, unknown> = {};
  for (const cluster of stage.clusters) {
    clusters[cluster.context] = await leftInCluster(stage, cluster);
  }
  const bindings = await Promise.all(stage.clusters.map((cluster) => bindingsOf(stage, cluster)));
  const arns = bindings.flat().map(({ spec }) => spec.targetGroupARN as string);
  return tidy(roles, {
    clusters,
    targets: Object.fromEntries(arns.map((arn) => [arn, registered(stage, arn)])),
    order: await recordOrder(stage, roles.own),
    calls: await callsOf(stage, roles),
    runs: Object.fromEntries(
      runs.map(({ line, code, report }, i) => [`${i + 1} ${line}`, { code, report }]),
    ),
  }) as Left;
}

/** What is missing where a scenario was really played: a comparison of nothing would show nothing. */
export function missingIn(scenario: Scenario, { calls, runs, order }: Left): string[] {
  const isEmpty = (part: unknown): boolean => Object.keys(part ?? {}).length === 0;
  return [
    ...(isEmpty(calls) ? ['no controller changed anything'] : []),
    ...(isEmpty(runs) && !scenario.controllerAlone ? ['nlbmc did not run'] : []),
    ...(isEmpty(order) && !scenario.controllerAlone ? ['no controller registered a target'] : []),
  ];
}

async function leftInCluster(stage: LabStage, cluster: LabCluster): Promise<unknown> {
  const { kube } = cluster;
  const { namespace } = stage;
  const byName = (objects: readonly KubeObject[], view: (object: KubeObject) => unknown) =>
    Object.fromEntries(objects.map((object) => [object.metadata.name, view(object)]));
  const maps = await kube.list('configmaps', namespace);
  return {
    bindings: byName(await bindingsOf(stage, cluster), ({ metadata, spec, status }) => ({
      finalizers: metadata.finalizers ?? [],
      labels: metadata.labels ?? {},
      annotations: metadata.annotations ?? {},
      isSettled: status?.observedGeneration === metadata.generation,
      spec,
    })),
    services: byName(await kube.list('services', namespace), ({ metadata, spec, status }) => ({
      finalizers: metadata.finalizers ?? [],
      annotations: metadata.annotations ?? {},
      isEnding: metadata.deletionTimestamp !== undefined,
      loadBalancerClass: spec.loadBalancerClass,
      status: status.loadBalancer,
    })),
    configMaps: byName(
      maps.filter(({ metadata }) => metadata.name.startsWith('aws-lbc-targets-')),
      ({ data }) => ({ ...data, targets: String(data?.targets ?? '').split(',') }),
    ),
    events: await reasonsOf(cluster, namespace),
  };
}

/** Events of the controller by object and reason, each once. */
async function reasonsOf({ kube }: LabCluster, namespace: string): Promise<string[]> {
  const events = await kube.list('events', namespace);
  const told = events
    .filter(({ involvedObject }) => /^(Service|TargetGroupBinding)$/.test(involvedObject.kind))
    .filter(
      ({ reportingComponent, source }) =>
        !ignoredReporters.has(reportingComponent || source?.component),
    )
    .filter(({ message }) => !ignoredMessages.test(message))
    .map(({ involvedObject, type, reason }) => {
      const { kind, name } = involvedObject;
      return `${kind} ${name}: ${type} ${reason}`;
    });
  return [...new Set(told)];
}

/** Calls of controllers that changed something of this scenario, each once; targets one by one. */
async function callsOf(stage: LabStage, roles: Roles): Promise<string[]> {
  const calls = new Set<string>();
  for (const act of await stage.acts()) {
    if (act.world !== 'aws' || act.by === 'other') continue;
    const text = JSON.stringify(act.params);
    const isOwn =
      text.includes(`"${stage.namespace}/`) || [...roles.own].some((id) => text.includes(id));
    if (!isOwn) continue;
    const { Targets, ...rest } = act.params;
    for (const target of (Targets as unknown[] | undefined) ?? [undefined]) {
      const params = tidy(roles, target ? { ...rest, target } : rest);
      calls.add(`${act.by} ${act.action} ${JSON.stringify(params)}`);
    }
  }
  return [...calls];
}

/** Roles for names, ignored fields and texts away, lists in an order of their own. */
function tidy(roles: Roles, value: unknown): unknown {
  return ordered(roles.replace(value));
}

/** Reasons come in the order of the findings, which is that of an EndpointSlice: it has none. */
function withoutOrder(text: string): string {
  const [, reasons] = /^Reasons: (.*)\.$/.exec(text) ?? [];
  return reasons
    ? `Reasons: ${reasons
        .split(/, | and /)
        .sort()
        .join(', ')}.`
    : text;
}

function ordered(value: unknown): unknown {
  if (typeof value === 'string') {
    return ignoredTexts.reduce(
      (text, { pattern, instead }) => text.replace(pattern, instead),
      withoutOrder(value),
    );
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value
      .filter((item) => !ignoredItems.some((one) => typeof item === 'string' && one.test(item)))
      .map(ordered)
      .map((item) => ({ item, text: JSON.stringify(item) }))
      .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
      .map(({ item }) => item);
  }
  const { about } = value as { about?: Readonly<Record<string, unknown>> };
  if (
    typeof about?.['target'] === 'object' &&
    namesOneOfSeveral(value as Record<string, unknown>)
  ) {
    return ordered({ ...value, about: { ...about, target: 'one of several' } });
  }
  const entries = Object.entries(value)
    .filter(([key, inner]) => !ignoredFields.has(key) && inner !== undefined)
    .map(([key, inner]) => [key, ordered(inner)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}
