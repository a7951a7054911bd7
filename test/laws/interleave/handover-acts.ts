import { type Act, churn, hand, lose, merge, person } from './act.ts';
import type { LbcFlags } from '../../../src/sandbox/lbc/process/flags.ts';

const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';
const CONTROLLER = 'aws-load-balancer-controller';

/** Other controllers than the newest with the flags of its chart. */
const charts: readonly { readonly version?: string; readonly flags?: LbcFlags }[] = [
  { version: 'v3.3.0' },
  { flags: { nlbHealthCheckAdvancedConfig: false } },
  { version: 'v2.9.2' },
];

/** What a handover has to look at before it begins, by name. */
export const handoverActs: Readonly<Record<string, Act>> = {
  // Another Service gets a load balancer, for which its controller reads the tags of all.
  neighbour: churn(1, ({ source }, { kube }) => {
    if (!source || kube.get('services', 'default', 'other')) return;
    const { [`${PREFIX}attributes`]: _, ...annotations } = source.metadata.annotations ?? {};
    const spec = { type: 'LoadBalancer', selector: { app: 'other' }, ports: [{ port: 80 }] };
    const metadata = { name: 'other', namespace: 'default', annotations };
    kube.create('services', { apiVersion: 'v1', kind: 'Service', metadata, spec }, person);
  }),
  // Something writes to the Service, and its controller looks at it.
  touch: churn(1, (_, cluster, n) => {
    if (!cluster.kube.get('services', 'default', 'nginx')) return;
    merge(cluster, 'services', 'nginx', { metadata: { annotations: { word: `w${n}` } } });
  }),
  // Another version of the controller, or other flags.
  chart: hand(0.5, (_, { lbc }, n) => lbc.upgrade(charts[n % charts.length] ?? {})),
  unprotect: hand(
    0.5,
    (_, cluster) =>
      merge(cluster, 'services', 'nginx', {
        metadata: { annotations: { [`${PREFIX}attributes`]: null } },
      }),
    ['pri'],
  ),
  // The health check of the owner's Service is no longer the default.
  patience: hand(
    0.5,
    (_, cluster) =>
      merge(cluster, 'services', 'nginx', {
        metadata: { annotations: { [`${PREFIX}healthcheck-timeout`]: '7' } },
      }),
    ['pri'],
  ),
  // The Service of a member is for another protocol.
  reshape: hand(
    0.5,
    (_, cluster) => {
      const ports = [{ name: 'http', port: 80, targetPort: 80, protocol: 'UDP' }];
      merge(cluster, 'services', 'nginx', { spec: { ports } });
    },
    ['sec', 'ter'],
  ),
  // A target group of an earlier try has the tags of a member's Service.
  stray: hand(
    0.5,
    ({ world: { aws } }, { name, vpcId }, n) => {
      const Tags = [
        { Key: 'elbv2.k8s.aws/cluster', Value: name },
        { Key: 'service.k8s.aws/stack', Value: 'default/nginx' },
        { Key: 'service.k8s.aws/resource', Value: 'default/nginx:80' },
      ];
      const of = { Protocol: 'TCP', Port: 80, TargetType: 'ip', VpcId: vpcId };
      aws.call('elbv2.CreateTargetGroup', { Name: `stray-${name}-${n}`, ...of, Tags }, 'person');
    },
    ['sec', 'ter'],
  ),
  // The Service of a member has a load balancer of its own.
  'own balancer': hand(
    0.5,
    (_, cluster) => {
      const annotations = {
        [`${PREFIX}nlb-target-type`]: 'ip',
        [`${PREFIX}scheme`]: 'internet-facing',
      };
      const spec = { type: 'LoadBalancer', loadBalancerClass: 'service.k8s.aws/nlb' };
      merge(cluster, 'services', 'nginx', { metadata: { annotations }, spec });
    },
    ['sec', 'ter'],
  ),
  // The Deployment of the controller is paused: a restart makes no new pod.
  halt: hand(0.5, (_, { kube }) => {
    const patch = { type: 'merge' as const, body: { spec: { paused: true } } };
    kube.patch('deployments.apps', 'kube-system', CONTROLLER, patch, person);
  }),
  // A second controller is installed, which does not run.
  twin: hand(0.5, (_, { kube }) => {
    const found = kube.get('deployments.apps', 'kube-system', CONTROLLER);
    if (!found) return;
    const { namespace, labels } = found.metadata;
    const metadata = { name: 'second', namespace: namespace!, labels: labels! };
    const spec = { ...found.spec, replicas: 0 };
    kube.create(
      'deployments.apps',
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec },
      person,
    );
  }),
  // A tool says that it deploys the Service from a source of its own.
  claim: hand(
    0.5,
    (_, cluster) => {
      const annotations = { 'argocd.argoproj.io/tracking-id': 'shop:/Service:default/nginx' };
      merge(cluster, 'services', 'nginx', { metadata: { annotations } });
    },
    ['pri', 'sec'],
  ),
  // The cluster does not exist any more, with its instances and its API server.
  lose: hand(
    0.5,
    ({ world: { aws } }, cluster) => {
      const { kube, lbc, workloads } = cluster;
      lose(cluster);
      lbc.stop();
      // Whatever was to start it later.
      lbc.start = () => undefined;
      kube.delete('deployments.apps', 'default', 'nginx', person);
      for (const { instanceId } of workloads.nodes) aws.network.terminateInstance(instanceId);
      kube.access.deny({});
    },
    ['pri'],
  ),
  // The Service is deleted, and its controller cannot finish that while the load balancer is protected.
  remove: hand(0.5, (_, { kube }) => kube.delete('services', 'default', 'nginx', person), ['pri']),
};
