import { worldInProcess } from '../commands/in-process.ts';
import { kubeRest } from './kube-rest.ts';
import { forgetRuns } from './mortal-run.ts';
import { namespaceOf, podOf } from './objects.ts';
import { podsGone, podsServe } from './pod-waits.ts';
import { killNlbmc, runNlbmc, runToWrite } from './run-nlbmc.ts';
import { actsOf } from './sandbox-acts.ts';
import {
  openSandboxWorld,
  type SandboxWorld,
  type SandboxWorldCluster,
  type SandboxWorldOptions,
} from './sandbox-world.ts';
import type { ControllerFlags, LabCluster, LabStage, Scenario } from './stage.ts';
import { TakingTurns, turns } from './taking-turns.ts';
import { addTeam } from './team.ts';

/** At first, and a tenth of what was waited more each time: a look costs more than a wound clock. */
const STEP_MS = 1_000;
const PATIENCE_MS = 120_000;
/** A look costs more here than a moment of the clock. */
const SAMPLE_MS = 500;

/** A stage in a sandbox of the scenario's own. `close` ends it. */
export async function openSandboxStage(
  scenario: Scenario,
  o: Pick<SandboxWorldOptions, 'version' | 'checkpointSkip'> = {},
): Promise<LabStage & { close(): Promise<void> }> {
  const { name: namespace, clusters: count, sharedNodeGroup = false, ipFamily } = scenario;
  const world = await openSandboxWorld({ ...o, clusters: count, sharedNodeGroup, ipFamily });
  worldInProcess(world);
  const { clock, journal } = world;
  const turn = new TakingTurns(clock);
  const until: LabStage['until'] = async (what, ok, withinMs = PATIENCE_MS) => {
    for (let waited = 0; !(await ok());) {
      if (waited > withinMs) throw new Error(`${withinMs / 1_000} s passed without: ${what}`);
      await turns();
      const step = STEP_MS + waited / 10;
      await turn.pass(step);
      waited += step;
    }
  };
  const clusters = world.clusters.map((one) => clusterOf(world, one, namespace, until));
  const [primary, secondary, ...others] = clusters;
  if (!primary || !secondary) throw new Error('a stage has at least two clusters');
  for (const { kube } of clusters) await kube.create('namespaces', '', namespaceOf(namespace));
  const start = journal.entries.length;
  const place = {
    env: world.env,
    namespace,
    now: () => clock.date().getTime(),
    sleep: (ms: number) => turn.pause(ms),
  };
  return {
    kind: 'sandbox',
    namespace,
    clusters: [primary, secondary, ...others],
    aws: world.aws,
    until,
    nlbmc: (line, input) => runNlbmc(place, line, input),
    killed: (line, when) => killNlbmc(place, line, when),
    killedAtWrite: (line, survives) => runToWrite(place, line, survives),
    meanwhile: (line, act) => turn.beside(() => runNlbmc(place, line), act),
    pass: (ms) => turn.pass(ms),
    always(look) {
      let next = (): void => undefined;
      const again = (): void => {
        look();
        next = clock.after(SAMPLE_MS, again);
      };
      again();
      return () => next();
    },
    acts: () => Promise.resolve(actsOf(journal.entries.slice(start))),
    async close() {
      forgetRuns();
      await world.close();
    },
  };
}

function clusterOf(
  world: SandboxWorld,
  one: SandboxWorldCluster,
  namespace: string,
  until: LabStage['until'],
  known = new Map<string, string>(),
): LabCluster {
  const { name, lbc, workloads } = one;
  const { network } = world.aws;
  const kube = kubeRest(world.kubeconfig, name);

  const place = { context: name, kube, namespace, until };

  return {
    context: name,
    kube,
    nodes: workloads.nodes,
    controller: {
      version: lbc.version,
      stop: () => Promise.resolve(lbc.stop()),
      start: (flags: ControllerFlags = {}) => Promise.resolve(lbc.start(flags)),
      crash: () => Promise.resolve(lbc.restart()),
    },
    async addPods(names, { address, app } = {}) {
      const plain = network.assignIp.bind(network);
      if (address) network.assignIp = (eniId, wanted) => plain(eniId, wanted ?? address);
      try {
        const offset = known.size;
        for (const [i, pod] of names.entries()) {
          const node = workloads.nodes[(offset + i) % workloads.nodes.length];
          await kube.create('pods', namespace, podOf(pod, node?.name ?? '', app));
        }
        const addresses = await podsServe(place, names);
        for (const [i, pod] of names.entries()) known.set(pod, addresses[i] ?? '');
      } finally {
        network.assignIp = plain;
      }
    },
    async removePods(names) {
      for (const pod of names) await kube.delete('pods', namespace, pod);
      const addresses = names.map((pod) => known.get(pod) ?? '');
      await podsGone(place, names, addresses, (one) => !network.holderOf(one));
    },
    addTeam: (user) => addTeam(kube, namespace, user),
    async elsewhere(other) {
      await kube.create('namespaces', '', namespaceOf(other));
      return clusterOf(world, one, other, until, known);
    },
    addresses: () => known,
  };
}
