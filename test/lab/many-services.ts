import type { KubeObject } from '../../src/sandbox/kube/object.ts';
import { plainService } from '../../src/sandbox/scenarios/objects.ts';
import type { LabStage } from './stage.ts';
import { bindingsOf, ownService, podNames } from './enrollment.ts';

const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';

/** One port of a Service; two of the scenario's Services never share a number, but in one Service. */
export interface PortWanted {
  readonly port: number;
  readonly protocol?: 'TCP' | 'UDP';
  /** The pods listen on 80 and 8080. */
  readonly targetPort?: number | string;
}

const portsOf = (ports: readonly PortWanted[]) =>
  ports.map(({ port, protocol = 'TCP', targetPort = 80 }) => ({
    name: `${protocol.toLowerCase()}-${port}`,
    port,
    targetPort,
    protocol,
  }));

/** A Service of the practice pods with a load balancer of its own. */
export function balanced(
  name: string,
  ports: readonly PortWanted[],
  notes: Readonly<Record<string, string>> = {},
  spec: Readonly<Record<string, unknown>> = {},
): KubeObject {
  const service = ownService();
  service.metadata.name = name;
  const short = Object.entries(notes).map(([key, value]) => [PREFIX + key, value]);
  Object.assign((service.metadata.annotations ??= {}), Object.fromEntries(short));
  service['spec'] = {
    ...service['spec'],
    ports: portsOf(ports),
    ...spec,
  };
  return service;
}

/** The application's Service with the same ports, without a load balancer. */
export function unbalanced(ports: readonly PortWanted[]): KubeObject {
  const service = plainService('ClusterIP');
  service['spec'].ports = portsOf(ports);
  return service;
}

/**
 * Creates these Services in the primary, over two pods, and waits until each has its load balancer and
 * all bindings were reconciled; each must have as many bindings as it has port numbers.
 */
export async function deployAll(stage: LabStage, services: readonly KubeObject[]): Promise<void> {
  const [primary] = stage.clusters;
  await primary.addPods(podNames(primary, 2));
  for (const service of services) await primary.kube.create('services', stage.namespace, service);
  const numbers = services.flatMap(({ spec }) => [
    ...new Set((spec.ports as PortWanted[]).map(({ port }) => port)),
  ]);
  await stage.until(
    'every Service has its load balancer',
    async () => {
      const made = await primary.kube.list('services', stage.namespace);
      const bindings = await bindingsOf(stage, primary);
      return (
        made.every(({ status }) => status.loadBalancer?.ingress?.length > 0) &&
        bindings.length === numbers.length &&
        bindings.every(({ metadata, status }) => status?.observedGeneration === metadata.generation)
      );
    },
    600_000,
  );
}
