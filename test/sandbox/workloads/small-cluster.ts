import { AwsAccount } from '../../../src/sandbox/aws/account.ts';
import { VirtualClock } from '../../../src/sandbox/time/clock.ts';
import { Journal } from '../../../src/sandbox/requests/journal.ts';
import type { KubeCluster } from '../../../src/sandbox/kube/cluster/cluster.ts';
import { startCluster } from '../../../src/sandbox/kube/cluster/start-cluster.ts';
import type { Writer } from '../../../src/sandbox/kube/cluster/writer.ts';
import type { KubeObject } from '../../../src/sandbox/kube/object.ts';
import { startWorkloads, type Workloads } from '../../../src/sandbox/workloads/workloads.ts';

const person: Writer = { actor: 'test', manager: 'kubectl', internal: true };

/** A cluster with kubelets on a virtual clock, and short ways to do what a person does. */
export interface SmallCluster {
  readonly clock: VirtualClock;
  readonly aws: AwsAccount;
  readonly kube: KubeCluster;
  readonly workloads: Workloads;
  create(resource: string, object: object): KubeObject;
  merge(resource: string, name: string, body: object): void;
  remove(resource: string, name: string): void;
  one(resource: string, name: string): KubeObject;
  all(resource: string): KubeObject[];
  /** Endpoints of all slices of a Service. */
  endpoints(service: string): KubeObject[];
}

export function smallCluster(zones = ['us-east-1a', 'us-east-1b']): SmallCluster {
  const clock = new VirtualClock();
  const journal = new Journal(clock);
  const aws = new AwsAccount({ clock, journal });
  const kube = startCluster({ name: 'blue', clock, journal });
  const nodes = zones.map((zone) => ({ zone }));
  const workloads = startWorkloads({ cluster: kube, aws, clock, clusterName: 'blue', nodes });
  const all = (resource: string): KubeObject[] => kube.list(resource, 'default');
  return {
    clock,
    aws,
    kube,
    workloads,
    all,
    create: (resource, object) =>
      kube.create(resource, { ...object, ...inDefault(object as KubeObject) }, person),
    merge: (resource, name, body) =>
      void kube.patch(resource, 'default', name, { type: 'merge', body }, person),
    remove: (resource, name) => void kube.delete(resource, 'default', name, person),
    one(resource, name) {
      const found = kube.get(resource, 'default', name);
      if (!found) throw new Error(`no ${resource} ${name}`);
      return found;
    },
    endpoints: (service) =>
      all('endpointslices.discovery.k8s.io')
        .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === service)
        .flatMap((slice) => slice.endpoints ?? []),
  };
}

function inDefault(object: KubeObject): KubeObject {
  return { ...object, metadata: { namespace: 'default', ...object.metadata } };
}

/** A Deployment named web; `container` and `spec` are merged into it. */
export function webDeployment(
  replicas: number,
  { container = {}, spec = {}, pod = {} }: { container?: object; spec?: object; pod?: object } = {},
): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          ...pod,
          containers: [
            {
              name: 'web',
              image: 'nginx:1.27',
              ports: [{ name: 'http', containerPort: 80 }],
              ...container,
            },
          ],
        },
      },
      ...spec,
    },
  };
}

export function webService(ports: readonly object[], spec: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports, ...spec },
  };
}

export const ready = (pod: KubeObject): boolean =>
  pod.status?.conditions?.some(
    (one: { type: string; status: string }) => one.type === 'Ready' && one.status === 'True',
  ) ?? false;
