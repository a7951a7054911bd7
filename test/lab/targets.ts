import { must } from './must.ts';
import type { LabCluster, LabStage, NlbmcOutcome } from './stage.ts';

interface Health {
  readonly Target: { readonly Id: string; readonly Port: number };
  readonly TargetHealth: { readonly State: string };
}

const healthOf = (stage: LabStage, arn: string): readonly Health[] =>
  (
    stage.aws.call('elbv2.DescribeTargetHealth', { TargetGroupArn: arn }, 'scenario') as {
      TargetHealthDescriptions: readonly Health[];
    }
  ).TargetHealthDescriptions;

/** The targets that AWS has, without those that are draining, by name and sorted: `sec-1:80`. */
export const registered = (stage: LabStage, arn: string): string[] =>
  healthOf(stage, arn)
    .filter(({ TargetHealth }) => TargetHealth.State !== 'draining')
    .map(({ Target }) => `${nameOf(stage, Target.Id)}:${Target.Port}`)
    .sort();

/** Those of `registered` that AWS sends connections to. */
export const healthy = (stage: LabStage, arn: string): string[] =>
  healthOf(stage, arn)
    .filter(({ TargetHealth }) => TargetHealth.State === 'healthy')
    .map(({ Target }) => `${nameOf(stage, Target.Id)}:${Target.Port}`)
    .sort();

/** The pod that had an address, or the node that an instance is; else the id itself. */
export function nameOf(stage: LabStage, id: string): string {
  for (const cluster of stage.clusters) {
    for (const [pod, address] of cluster.addresses()) if (address === id) return pod;
    const node = cluster.nodes.findIndex(({ instanceId }) => instanceId === id);
    if (node !== -1) return `${cluster.context.slice(0, 3)}-node-${node + 1}`;
  }
  return id;
}

/** What the ConfigMap of a binding lists, by name and sorted; undefined where there is none. */
export async function tracked(
  stage: LabStage,
  cluster: LabCluster,
  binding: string,
): Promise<string[] | undefined> {
  const map = await cluster.kube.get('configmaps', stage.namespace, `aws-lbc-targets-${binding}`);
  if (!map) return undefined;
  const entries = String(map['data']?.targets ?? '').split(',');
  return entries
    .filter((entry) => entry !== '')
    .map((entry) => entry.replace(/^.*(?=:\d+$)/, (id) => nameOf(stage, id)))
    .sort();
}

/**
 * Targets that a controller (or `other`: nlbmc and scripts) put in or took out since the stage was
 * set, by name and sorted, each once.
 */
export async function movedBy(
  stage: LabStage,
  mover: LabCluster | 'other',
  what: 'RegisterTargets' | 'DeregisterTargets',
  arn: string,
): Promise<string[]> {
  const by = mover === 'other' ? mover : mover.context;
  const names = new Set<string>();
  for (const act of await stage.acts()) {
    if (act.world !== 'aws' || act.action !== `elbv2.${what}`) continue;
    if (act.by !== by || act.params['TargetGroupArn'] !== arn) continue;
    for (const { Id, Port } of act.params['Targets'] as { Id: string; Port: number }[]) {
      names.add(`${nameOf(stage, Id)}:${Port}`);
    }
  }
  return [...names].sort();
}

/** Whose targets came and went, in this order: `sec-eks-clu1 came`, by the calls of the controllers. */
export const moves = async (stage: LabStage, arn: string): Promise<string[]> =>
  (await stage.acts()).flatMap((act) => {
    if (act.world !== 'aws' || act.params['TargetGroupArn'] !== arn) return [];
    if (act.action === 'elbv2.RegisterTargets') return [`${act.by} came`];
    return act.action === 'elbv2.DeregisterTargets' ? [`${act.by} went`] : [];
  });

/** The word of a report for what came of the run. */
export const resultOf = ({ report }: NlbmcOutcome): string =>
  String((report as { readonly result?: string }).result);

export const isSame = (a: readonly string[] | undefined, b: readonly string[]): boolean =>
  a !== undefined && a.length === b.length && a.every((item, i) => item === b[i]);

/** Throws unless AWS has exactly these targets within the time: `pri-1:80`, `sec-1:80`. */
export const untilRegistered = (
  stage: LabStage,
  arn: string,
  targets: readonly string[],
  withinMs?: number,
): Promise<void> =>
  stage.until(
    `AWS has the targets ${targets.join(', ')}`,
    () => Promise.resolve(isSame(registered(stage, arn), targets)),
    withinMs,
  );

/** Throws unless these, and no others, are the targets that the controller took out so far. */
export async function mustHaveTakenOut(
  stage: LabStage,
  cluster: LabCluster,
  arn: string,
  targets: readonly string[],
): Promise<void> {
  const gone = await movedBy(stage, cluster, 'DeregisterTargets', arn);
  const whom = targets.length === 0 ? 'nobody' : targets.join(', ');
  must(isSame(gone, targets), `${cluster.context} took out ${whom} (it took ${gone.join(', ')})`);
}

/**
 * Lets targets of a group drain for a few seconds only, by hand: five minutes of the sandbox's clock
 * are fifteen seconds in the lab, and what verify says depends on how long nothing has changed.
 */
export const drainQuickly = ({ aws }: LabStage, TargetGroupArn: string, seconds = 10): void => {
  const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: String(seconds) }];
  aws.call('elbv2.ModifyTargetGroupAttributes', { TargetGroupArn, Attributes }, 'somebody');
};

/** Waits until nothing drains any more: so that a report does not depend on how far that is. */
export const untilDrained = (stage: LabStage, arn: string): Promise<void> =>
  stage.until(
    'nothing drains',
    () =>
      Promise.resolve(
        healthOf(stage, arn).every(({ TargetHealth }) => TargetHealth.State !== 'draining'),
      ),
    400_000,
  );

/** Waits until these targets are healthy, and no other one is. */
export const untilOnlyHealthy = (
  stage: LabStage,
  arn: string,
  targets: readonly string[],
): Promise<void> =>
  stage.until(
    `only ${targets.join(', ')} are healthy`,
    () => Promise.resolve(isSame(healthy(stage, arn), targets)),
    400_000,
  );

/** Waits until every target is healthy, draining ones excepted. */
export const untilHealthy = (stage: LabStage, arn: string): Promise<void> =>
  stage.until(
    'all targets are healthy',
    () => Promise.resolve(healthy(stage, arn).length === registered(stage, arn).length),
    400_000,
  );
