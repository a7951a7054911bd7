import { actsSince } from './real-acts.ts';
import { namespaceOf, podOf } from './objects.ts';
import { podsGone, podsServe, type PodPlace } from './pod-waits.ts';
import type { RealWorld, RealWorldCluster } from './real-world.ts';
import { killNlbmc, runNlbmc, runToWrite } from './run-nlbmc.ts';
import type { LabCluster, LabStage, Scenario } from './stage.ts';
import { addTeam } from './team.ts';
import { sleep, waitFor } from './waiting.ts';

const PATIENCE_MS = 120_000;
const POLL_MS = 500;
const SAMPLE_MS = 100;
/** nlbmc waits up to a minute for what a handover must not do: its time runs so many times as fast. */
const HANDOVER_SPEED = 4;
/** A server writes its audit line after it has answered. */
const AUDIT_LAG_MS = 300;

/**
 * A stage for a scenario in a world that may have others at the same time: in a namespace of its
 * own. Its acts are those of the whole world.
 */
export async function openRealStage(world: RealWorld, scenario: Scenario): Promise<LabStage> {
  const { name: namespace, clusters: count } = scenario;
  const start = new Date();
  const until: LabStage['until'] = (what, ok, withinMs = PATIENCE_MS) =>
    waitFor(
      what,
      () => {
        for (const { controller, cluster } of world.clusters) {
          controller.check();
          cluster.kubelet.check();
        }
        return ok();
      },
      withinMs,
      POLL_MS,
    );
  const clusters = world.clusters
    .slice(0, count)
    .map((one) => clusterOf(world, one, { namespace, until }));
  const [primary, secondary, ...others] = clusters;
  if (!primary || !secondary) throw new Error('a stage has at least two clusters');
  for (const { kube } of clusters) await kube.create('namespaces', '', namespaceOf(namespace));
  const hurry = scenario.elections ? HANDOVER_SPEED : 1;
  const place = {
    env: world.env,
    namespace,
    now: () => start.getTime() + (Date.now() - start.getTime()) * hurry,
    sleep: (ms: number) => sleep(ms / hurry),
  };
  return {
    kind: 'lab',
    namespace,
    clusters: [primary, secondary, ...others],
    aws: world.aws,
    until,
    pass: sleep,
    always(look) {
      look();
      const timer = setInterval(look, SAMPLE_MS);
      return () => clearInterval(timer);
    },
    nlbmc: (line, input) => runNlbmc(place, line, input),
    async meanwhile(line, act) {
      const [outcome] = await Promise.all([runNlbmc(place, line), act()]);
      return outcome;
    },
    killed: (line, when) => killNlbmc(place, line, when),
    killedAtWrite: (line, survives) => runToWrite(place, line, survives),
    async acts() {
      await sleep(AUDIT_LAG_MS);
      const audits = world.clusters.map(({ cluster, server }) => ({
        context: cluster.context,
        file: server.audit,
      }));
      return actsSince(start, audits, world.journal.entries);
    },
  };
}

function clusterOf(
  world: RealWorld,
  one: RealWorldCluster,
  { namespace, until }: Pick<PodPlace, 'namespace' | 'until'>,
  known = new Map<string, string>(),
): LabCluster {
  const { cluster, controller } = one;
  const { context, kube, nodes } = cluster;
  const place = { context, kube, namespace, until };
  return {
    context,
    kube,
    nodes,
    controller,
    async addPods(names, { address, app } = {}) {
      const offset = known.size;
      for (const [i, name] of names.entries()) {
        if (address) cluster.kubelet.reserve(namespace, name, address);
        const pod = podOf(name, nodes[(offset + i) % nodes.length]?.name ?? '', app);
        await kube.create('pods', namespace, pod);
      }
      const addresses = await podsServe(place, names);
      for (const [i, name] of names.entries()) known.set(name, addresses[i] ?? '');
    },
    async removePods(names) {
      for (const name of names) await kube.delete('pods', namespace, name);
      const addresses = names.map((name) => known.get(name) ?? '');
      await podsGone(place, names, addresses, (one) => !world.aws.network.holderOf(one));
    },
    addTeam: (user) => addTeam(kube, namespace, user),
    async elsewhere(other) {
      await kube.create('namespaces', '', namespaceOf(other));
      return clusterOf(world, one, { namespace: other, until }, known);
    },
    addresses: () => known,
  };
}
