import { manifest } from '../../src/sandbox/scenarios/manifests.ts';
import { plainService } from '../../src/sandbox/scenarios/objects.ts';
import type { KubeObject } from '../../src/sandbox/kube/object.ts';
import type { LabCluster, LabStage, NlbmcOutcome } from './stage.ts';

/** The Service that every scenario is about. */
export const APP = 'nginx';

const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';
export const FLAG = `${PREFIX}multi-cluster-target-group`;
export const ATTRIBUTES = `${PREFIX}attributes`;
export const TARGET_TYPE = `${PREFIX}nlb-target-type`;

/** Throws unless `holds`: `what` is a sentence that should be true. */
export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not so: ${what}`);
}

/** The primary's Service as many have it, with an NLB of its own. */
export const ownService = (): KubeObject => manifest('app/service-existing.yaml');

/** Pods `pri-1`, `pri-2` … for a cluster, so many. */
export const podNames = (cluster: LabCluster, count: number, from = 1): string[] =>
  Array.from({ length: count }, (_, i) => `${cluster.context.slice(0, 3)}-${from + i}`);

export const bindingsOf = (stage: LabStage, cluster: LabCluster): Promise<readonly KubeObject[]> =>
  cluster.kube.list('targetgroupbindings', stage.namespace);

/** Pods and the Service that makes the load balancer; waits until every pod is a healthy target. */
export async function deployPrimary(
  stage: LabStage,
  o: { readonly pods?: number; readonly service?: KubeObject } = {},
): Promise<void> {
  const [primary] = stage.clusters;
  const { pods = 3, service = ownService() } = o;
  const ports: number = service['spec'].ports.length;
  await primary.addPods(podNames(primary, pods));
  await primary.kube.create('services', stage.namespace, service);
  await stage.until(
    'the primary has its load balancer',
    async () => {
      const made = await primary.kube.need('services', stage.namespace, APP);
      const bindings = await bindingsOf(stage, primary);
      return (
        made['status'].loadBalancer?.ingress?.length > 0 &&
        bindings.length === ports &&
        bindings.every(({ spec }) => healthy(stage, spec.targetGroupARN).length > 0)
      );
    },
    600_000,
  );
}

/** Pods and a Service without load balancer, as a cluster has them before it joins. */
export async function deploySecondary(
  stage: LabStage,
  cluster: LabCluster,
  o: { readonly pods?: number; readonly service?: KubeObject } = {},
): Promise<void> {
  await cluster.kube.create('services', stage.namespace, o.service ?? plainService('ClusterIP'));
  await cluster.addPods(podNames(cluster, o.pods ?? 2));
}

/** Runs nlbmc and throws where it ends with another code. */
export async function expectCode(
  stage: LabStage,
  line: string,
  code: number,
): Promise<NlbmcOutcome> {
  const outcome = await stage.nlbmc(line);
  if (outcome.code === code) return outcome;
  throw new Error(
    `nlbmc ${line} ended with ${outcome.code}, not ${code}:\n${outcome.stdout}\n${outcome.stderr}`,
  );
}

export const enable = (stage: LabStage): Promise<NlbmcOutcome> =>
  expectCode(stage, `enable ${APP} --context ${stage.clusters[0].context}`, 0);

export const joinLine = (stage: LabStage, cluster: LabCluster): string =>
  `join ${APP} --context ${cluster.context} --primary ${stage.clusters[0].context}`;

export const join = (stage: LabStage, cluster: LabCluster): Promise<NlbmcOutcome> =>
  expectCode(stage, joinLine(stage, cluster), 0);

export const verifyLine = (stage: LabStage): string =>
  `verify ${APP} --context ${stage.clusters.map(({ context }) => context).join(',')}`;

/** Turns the flag of the primary's Service by hand and waits until its bindings show it. */
export async function turnFlag(stage: LabStage, flag: boolean): Promise<void> {
  const [primary] = stage.clusters;
  const body = { metadata: { annotations: { [FLAG]: String(flag) } } };
  await primary.kube.patch('services', stage.namespace, APP, body);
  await stage.until(`the primary's bindings have the flag ${flag} and were reconciled`, async () =>
    (await bindingsOf(stage, primary)).every(
      ({ metadata, spec, status }) =>
        Boolean(spec.multiClusterTargetGroup) === flag &&
        status?.observedGeneration === metadata.generation,
    ),
  );
}

/** The binding for a port of the Service. */
export async function bindingFor(
  stage: LabStage,
  cluster: LabCluster,
  port = 80,
): Promise<KubeObject> {
  const found = (await bindingsOf(stage, cluster)).find(
    ({ spec }) => Number(spec.serviceRef.port) === port,
  );
  if (!found) throw new Error(`${cluster.context} has no binding for port ${port}`);
  return found;
}

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

/** The usual start: three pods in the primary, two in each secondary, all joined. Gives the target group. */
export async function enroll(stage: LabStage): Promise<string> {
  const [primary, ...secondaries] = stage.clusters;
  await deployPrimary(stage);
  for (const secondary of secondaries) await deploySecondary(stage, secondary);
  await enable(stage);
  for (const secondary of secondaries) await join(stage, secondary);
  return (await bindingFor(stage, primary))['spec'].targetGroupARN as string;
}

/** Waits for an event with that reason about an object of that kind. */
export const untilEvent = (
  stage: LabStage,
  cluster: LabCluster,
  kind: 'Service' | 'TargetGroupBinding',
  reason: string,
): Promise<void> =>
  stage.until(`a ${kind} of ${cluster.context} has an event ${reason}`, async () =>
    (await cluster.kube.list('events', stage.namespace)).some(
      (event) => event['reason'] === reason && event['involvedObject'].kind === kind,
    ),
  );

/** A binding as a person writes it, with the network peers of the primary's. */
export const bindingByHand = (
  model: KubeObject,
  o: {
    readonly shared: boolean;
    readonly name?: string;
    readonly port?: number;
    readonly targetPort?: number;
  },
): KubeObject => ({
  apiVersion: 'elbv2.k8s.aws/v1beta1',
  kind: 'TargetGroupBinding',
  metadata: { name: o.name ?? APP },
  spec: {
    serviceRef: { name: APP, port: o.port ?? 80 },
    targetGroupARN: model['spec'].targetGroupARN,
    targetType: model['spec'].targetType,
    ...(o.shared ? { multiClusterTargetGroup: true } : {}),
    networking: {
      ingress: [
        {
          from: model['spec'].networking.ingress[0].from,
          ports: [{ protocol: 'TCP', port: o.targetPort ?? 80 }],
        },
      ],
    },
  },
});

/**
 * Lets targets of a group drain for a few seconds only, by hand: five minutes of the sandbox's clock
 * are fifteen seconds in the lab, and what verify says depends on how long nothing has changed.
 */
export const drainQuickly = ({ aws }: LabStage, TargetGroupArn: string): void => {
  const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: '10' }];
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

/** Waits until every target is healthy, draining ones excepted. */
export const untilHealthy = (stage: LabStage, arn: string): Promise<void> =>
  stage.until(
    'all targets are healthy',
    () => Promise.resolve(healthy(stage, arn).length === registered(stage, arn).length),
    400_000,
  );
