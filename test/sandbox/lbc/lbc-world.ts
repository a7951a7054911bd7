import { AwsAccount } from '../../../src/sandbox/aws/account.ts';
import { VirtualClock } from '../../../src/sandbox/time/clock.ts';
import { Journal } from '../../../src/sandbox/requests/journal.ts';
import type { KubeCluster } from '../../../src/sandbox/kube/cluster/cluster.ts';
import { startCluster } from '../../../src/sandbox/kube/cluster/start-cluster.ts';
import type { Writer } from '../../../src/sandbox/kube/cluster/writer.ts';
import type { KubeObject } from '../../../src/sandbox/kube/object.ts';
import { Lbc } from '../../../src/sandbox/lbc/lbc.ts';
import type { LbcOptions } from '../../../src/sandbox/lbc/lbc.ts';
import { said } from './story.ts';

export const BINDINGS = 'targetgroupbindings.elbv2.k8s.aws';
export const BY: Writer = { actor: 'test', manager: 'test', internal: true };
const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';

/** Annotations by their short names. */
export function notes(short: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(short).map(([key, value]) => [PREFIX + key, value]));
}

/**
 * A cluster whose pods, nodes and EndpointSlices are made by hand, so that a test says exactly what
 * the controller sees; several may share one account and clock.
 */
export class LbcWorld {
  readonly clock: VirtualClock;
  readonly journal: Journal;
  readonly aws: AwsAccount;
  readonly kube: KubeCluster;
  readonly lbc: Lbc;
  readonly node: { readonly instanceId: string; readonly eniId: string };

  constructor(
    o: Partial<LbcOptions> & { readonly name?: string; readonly beside?: LbcWorld } = {},
  ) {
    const { name = 'pri', beside, ...more } = o;
    this.clock = beside?.clock ?? new VirtualClock();
    this.journal = beside?.journal ?? new Journal(this.clock);
    const { clock, journal } = this;
    this.aws = beside?.aws ?? new AwsAccount({ clock, journal });
    this.aws.probe = () => 'ok';
    this.kube = startCluster({ name, clock, journal });
    this.lbc = new Lbc({
      cluster: this.kube,
      aws: this.aws,
      clock,
      clusterName: name,
      vpcId: this.aws.network.vpcId,
      ...more,
    });
    this.lbc.install();
    this.lbc.start();
    this.node = this.addNode('node-a', 'us-east-1a');
    this.settle();
  }

  /** Lets everything that follows at once happen; no health check comes to a verdict in it. */
  settle(ms = 1000): void {
    this.clock.advance(ms);
  }

  addNode(
    name: string,
    zone: string,
    labels: Record<string, string> = {},
    ready = 'True',
  ): { readonly instanceId: string; readonly eniId: string } {
    const launched = this.aws.network.launchInstance({ clusterName: this.kube.name, zone, name });
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: { 'topology.kubernetes.io/zone': zone, ...labels } },
      spec: { providerID: `aws:///${zone}/${launched.instanceId}` },
    };
    this.kube.create('nodes', node, BY);
    this.setStatus('nodes', '', name, { conditions: [{ type: 'Ready', status: ready }] });
    return launched;
  }

  /** A pod on the first node, ready unless told otherwise; gives back its address. */
  addPod(name: string, o: { ip?: string; gates?: string[]; ready?: boolean } = {}): string {
    const ip = o.ip ?? this.aws.network.assignIp(this.node.eniId);
    const readinessGates = (o.gates ?? []).map((conditionType) => ({ conditionType }));
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', labels: { app: 'nginx' } },
      spec: {
        nodeName: 'node-a',
        containers: [{ name: 'nginx', image: 'nginx' }],
        ...(readinessGates.length > 0 && { readinessGates }),
      },
    };
    this.kube.create('pods', pod, BY);
    const status = o.ready === false ? 'False' : 'True';
    this.setStatus('pods', 'default', name, {
      podIP: ip,
      conditions: [{ type: 'ContainersReady', status }],
    });
    return ip;
  }

  /** The EndpointSlice of a Service: pods by name and address, ready or not. */
  setEndpoints(
    service: string,
    pods: readonly { name: string; ip: string; ready?: boolean; terminating?: boolean }[],
    ports: readonly { name?: string; port: number }[] = [{ name: 'http', port: 80 }],
  ): void {
    const name = `${service}-abc`;
    const slice = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name,
        namespace: 'default',
        labels: { 'kubernetes.io/service-name': service },
      },
      addressType: 'IPv4',
      endpoints: pods.map((pod) => ({
        addresses: [pod.ip],
        conditions: { ready: pod.ready ?? true, terminating: pod.terminating ?? false },
        targetRef: { kind: 'Pod', name: pod.name, namespace: 'default' },
      })),
      ports: ports.map((port) => ({ ...port, protocol: 'TCP' })),
    };
    const key = 'endpointslices.discovery.k8s.io';
    if (this.kube.get(key, 'default', name)) this.kube.update(key, slice, BY);
    else this.kube.create(key, slice, BY);
  }

  /** The primary's Service of the walkthrough; `short` are annotations added to its own. */
  addService(
    name: string,
    short: Record<string, string> = {},
    spec: Record<string, unknown> = {},
  ): KubeObject {
    return this.kube.create(
      'services',
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {
          name,
          namespace: 'default',
          annotations: notes({
            type: 'nlb',
            'nlb-target-type': 'ip',
            scheme: 'internet-facing',
            ...short,
          }),
        },
        spec: {
          type: 'LoadBalancer',
          selector: { app: 'nginx' },
          ports: [{ name: 'http', port: 80, targetPort: 80, protocol: 'TCP' }],
          ...spec,
        },
      },
      BY,
    );
  }

  annotate(name: string, short: Record<string, string | null>): void {
    const annotations = notes(short as Record<string, string>);
    this.merge('services', name, { metadata: { annotations } });
  }

  merge(resource: string, name: string, body: object): KubeObject {
    return this.kube.patch(resource, 'default', name, { type: 'merge', body }, BY);
  }

  setStatus(resource: string, namespace: string, name: string, status: object): void {
    this.kube.patch(resource, namespace, name, { type: 'merge', body: { status } }, BY, 'status');
  }

  /** The only binding, or the one of that Service port. */
  binding(port?: number): KubeObject {
    const all = this.kube.list(BINDINGS);
    const found = all.find((one) => port === undefined || one['spec'].serviceRef.port === port);
    if (!found) throw new Error('no such binding');
    return found;
  }

  addBinding(name: string, arn: string, spec: Record<string, unknown> = {}): KubeObject {
    return this.kube.create(
      BINDINGS,
      {
        apiVersion: 'elbv2.k8s.aws/v1beta1',
        kind: 'TargetGroupBinding',
        metadata: { name, namespace: 'default' },
        spec: { serviceRef: { name: 'nginx', port: 80 }, targetGroupARN: arn, ...spec },
      },
      BY,
    );
  }

  /** The tracked set of a binding, sorted; undefined without ConfigMap. */
  tracked(binding = this.binding().metadata.name): string[] | undefined {
    const map = this.kube.get('configmaps', 'default', `aws-lbc-targets-${binding}`);
    const text: string | undefined = map?.['data']?.targets;
    return text === undefined ? undefined : text.split(',').filter(Boolean).toSorted();
  }

  /** Registered targets, sorted, those that drain left out. */
  registered(arn: string): string[] {
    const { TargetHealthDescriptions: all } = this.aws.call(
      'elbv2.DescribeTargetHealth',
      { TargetGroupArn: arn },
      'test',
    );
    return (all as { Target: { Id: string; Port: number }; TargetHealth: { State: string } }[])
      .filter(({ TargetHealth: { State } }) => State !== 'draining')
      .map(({ Target: { Id, Port } }) => `${Id}:${Port}`)
      .toSorted();
  }

  register(arn: string, ...ids: string[]): void {
    const Targets = ids.map((Id) => ({ Id, Port: 80 }));
    this.aws.call('elbv2.RegisterTargets', { TargetGroupArn: arn, Targets }, 'test');
  }

  /** Reasons of the events about an object, with their messages. */
  events(name: string): { reason: string; message: string; type: string; count: number }[] {
    return this.kube
      .list('events', 'default')
      .filter((event) => event['involvedObject'].name === name)
      .map(({ reason, message, type, count }) => ({ reason, message, type, count }));
  }

  reasons(name: string): string[] {
    return [...new Set(this.events(name).map((event) => event.reason))];
  }

  /** What the controller of this cluster did since `from` entries, in order, one word each. */
  story(from = 0): string[] {
    return this.journal.entries
      .slice(from)
      .filter((entry) =>
        entry.actor === 'lbc'
          ? entry.cluster === this.kube.name
          : entry.actor === `lbc/${this.kube.name}`,
      )
      .map(said);
  }
}
