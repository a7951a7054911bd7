import { targetGroupBindingCrd } from '../../../src/sandbox/lbc/install/crd.ts';
import type { KubeObject } from '../../../src/sandbox/kube/object.ts';
import type { WorldCluster } from '../../../src/sandbox/world.ts';
import { type Act, churn, hand, merge, minutes, person } from './act.ts';
import { handoverActs } from './handover-acts.ts';
import type { Name, Scene } from './scene.ts';

const BINDINGS = 'targetgroupbindings.elbv2.k8s.aws';
const CRDS = 'customresourcedefinitions.apiextensions.k8s.io';
const FLAG = 'service.beta.kubernetes.io/aws-load-balancer-multi-cluster-target-group';
const scaleTo = (cluster: WorldCluster, replicas: number): void =>
  merge(cluster, 'deployments.apps', 'nginx', { spec: { replicas } });

const replicasOf = ({ kube }: WorldCluster): number =>
  Number(kube.get('deployments.apps', 'default', 'nginx')?.spec.replicas ?? 0);

/** Deletes the pod of that number, counted round the ones there are. */
function killPod({ kube }: WorldCluster, n: number): void {
  const pods = kube
    .list('pods', 'default')
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const pod = pods[n % Math.max(1, pods.length)];
  if (pod) kube.delete('pods', 'default', pod.metadata.name, person);
}

const bindingsOf = ({ kube }: WorldCluster): readonly KubeObject[] =>
  kube.list(BINDINGS, 'default').filter(({ spec }) => spec.serviceRef.name === 'nginx');

/** No controller works for so long; what it knew is lost. */
function downFor({ world }: Scene, { lbc }: WorldCluster, ms: number): void {
  lbc.stop();
  world.clock.after(ms, () => lbc.start());
}

/** A document after somebody's hand slipped, or after an old date was made a recent one. */
function edited(text: string, n: number): string {
  const edits: readonly ((was: string) => string)[] = [
    (was) => was.slice(0, Math.floor((was.length * n) / 1000)),
    (was) => was.replace(/^at: .*$/m, `at: '${new Date(n * 1e9).toISOString()}'`),
    (was) => was.replace('multiCluster: true', 'multiCluster: false'),
    (was) => was.replaceAll(/targetgroup\/(\S+)\/\w{4}/g, 'targetgroup/$1/0000'),
    (was) => was.replace(/^owner:\n( .*\n)+/m, ''),
    (was) => was.replace(/^account: .*$/m, "account: '999999999999'"),
  ];
  return edits[n % edits.length]?.(text) ?? text;
}

/** All that happens without nlbmc, by name. A further one is a line here. */
export const acts: Readonly<Record<string, Act>> = {
  scale: churn(6, (_, cluster, n) => scaleTo(cluster, 1 + (n % 4))),
  empty: churn(2, (_, cluster) => scaleTo(cluster, 0)),
  kill: churn(6, (_, cluster, n) => killPod(cluster, n)),
  rollout: churn(3, (_, cluster, n) =>
    merge(cluster, 'deployments.apps', 'nginx', {
      spec: { template: { metadata: { labels: { day: `d${n}` } } } },
    }),
  ),
  restart: churn(4, (_, { lbc }) => lbc.restart()),
  down: churn(4, (scene, cluster, n) => downFor(scene, cluster, minutes(1 + (n % 15)))),
  // For good, or until something else starts it again: `helm uninstall`.
  uninstall: churn(2, (_, { lbc }) => lbc.stop()),
  hang: churn(3, ({ world }, { lbc }, n) => {
    lbc.pause();
    world.clock.after(minutes(1 + (n % 15)), () => lbc.resume());
  }),
  crash: churn(4, ({ world }, { lbc }, n) => {
    lbc.crashAfter(1 + (n % 12));
    world.clock.after(minutes(2 + (n % 10)), () => lbc.start());
  }),
  // A pod comes up with the address of one that died in another cluster.
  reuse: churn(6, ({ wishes }, cluster, n) => {
    const name = cluster.name as Name;
    wishes.set(name, (wishes.get(name) ?? 0) + 1);
    scaleTo(cluster, Math.min(5, replicasOf(cluster) + 1 + (n % 2)));
  }),
  // A pod dies while its controller is away: nobody takes its target out.
  orphan: churn(5, (scene, cluster, n) => {
    downFor(scene, cluster, minutes(4 + (n % 20)));
    killPod(cluster, n);
    scaleTo(cluster, Math.max(1, replicasOf(cluster) - 1));
  }),
  flag: hand(5, ({ layout }, cluster, n) => {
    const on = n % 3 !== 0;
    if (cluster.name === 'pri' && layout !== 'no-owner') {
      merge(cluster, 'services', 'nginx', { metadata: { annotations: { [FLAG]: String(on) } } });
      return;
    }
    for (const { metadata } of bindingsOf(cluster)) {
      merge(cluster, BINDINGS, metadata.name, { spec: { multiClusterTargetGroup: on } });
    }
  }),
  forget: hand(2, (_, { kube }) => {
    for (const { metadata } of kube.list('configmaps', 'default')) {
      if (!metadata.name.startsWith('aws-lbc-targets-')) continue;
      kube.delete('configmaps', 'default', metadata.name, person);
    }
  }),
  // Sometimes the Service goes first, and join makes it again.
  unbind: hand(2, (_, cluster, n) => {
    if (n % 3 === 0 && cluster.name !== 'pri')
      cluster.kube.delete('services', 'default', 'nginx', person);
    for (const { metadata } of bindingsOf(cluster)) {
      cluster.kube.delete(BINDINGS, 'default', metadata.name, person);
    }
  }),
  // The binding goes and its finalizer with it, before the controller looks: its record stays.
  strip: hand(
    4,
    (_, cluster, n) => {
      cluster.lbc.pause();
      for (const { metadata } of bindingsOf(cluster)) {
        cluster.kube.delete(BINDINGS, 'default', metadata.name, person);
        merge(cluster, BINDINGS, metadata.name, { metadata: { finalizers: [] } });
      }
      if (n % 2 === 0) cluster.lbc.restart();
      cluster.lbc.resume();
    },
    ['sec', 'ter'],
  ),
  // The document that somebody keeps is cut, or says something else than it did.
  edit: hand(3, ({ kept }, _, n) => (kept.text = edited(kept.text, n))),
  // A GitOps tool makes the first cluster's Service what its source says. It deletes no annotation of others'.
  revert: hand(
    4,
    ({ source, layout }, cluster, n) => {
      if (!source || layout === 'no-owner') return;
      const { type, loadBalancerClass } = source.spec;
      // While the type stays, the class cannot change: some tools replace the object, and some give up.
      if (n % 2 === 0)
        merge(cluster, 'services', 'nginx', {
          spec: { type: 'NodePort', loadBalancerClass: null },
        });
      const { annotations } = source.metadata;
      merge(cluster, 'services', 'nginx', {
        metadata: { annotations },
        spec: { type, loadBalancerClass },
      });
    },
    ['pri'],
  ),
  // An old chart's definitions, or a policy of somebody's: what is written from now on has no flag.
  strike: hand(
    2,
    (_, { kube }, n) => {
      if (n % 2 === 0) {
        const old = targetGroupBindingCrd('v2.9.2');
        const now = kube.get(CRDS, '', old.metadata.name);
        const { resourceVersion = '' } = now?.metadata ?? {};
        kube.update(CRDS, { ...old, metadata: { ...old.metadata, resourceVersion } }, person);
        return;
      }
      kube.addWebhook({
        name: 'policy.example.com',
        kind: 'mutating',
        resource: BINDINGS,
        operations: ['CREATE', 'UPDATE'],
        reachable: () => true,
        call: ({ object }) => {
          if (!object) return;
          const { multiClusterTargetGroup: _, ...spec } = object.spec as Record<string, unknown>;
          return { ...object, spec };
        },
      });
    },
    ['sec', 'ter'],
  ),
  ...handoverActs,
};
