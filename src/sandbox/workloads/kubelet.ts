import type { AwsAccount } from '../aws/account.ts';
import type { Cancel, Clock } from '../time/clock.ts';
import type { KubeCluster } from '../kube/cluster/cluster.ts';
import { copyOf, sameJson, timestamp, type KubeObject } from '../kube/object.ts';
import type { RecordEvent } from './events.ts';
import { isNodeReady, type WorkerNode } from './nodes.ts';
import { startupLines, type PodLogs } from './pod-logs.ts';
import { podStatus } from './pod-status.ts';
import { answersCheck, type Serving } from './serving.ts';
import { keyOf, splitKey, reconcileQueue } from './reconcile-queue.ts';
import { kubelet } from './writers.ts';

/** From bound to the address, then to running containers: an image that the node has already. */
const SANDBOX_MS = 500;
const START_MS = 1_500;
/** nginx ends within a second of SIGQUIT. */
const STOP_MS = 1_000;
/** The VPC CNI gives an address to no other pod for this long (amazon-vpc-cni-k8s, IP_COOLDOWN_PERIOD). */
const ADDRESS_COOLDOWN_MS = 30_000;
const SYNC_MS = 10;

interface Running {
  readonly node: WorkerNode;
  ip: string | undefined;
  startedAt: string | undefined;
  serving: Serving;
  /** Whether the readiness probe passes; without a probe always true once started. */
  passing: boolean;
  crashing: boolean;
  restarts: number;
  stopping: boolean;
  timers: Cancel[];
}

export interface Kubelet {
  setServing(pod: KubeObject, serving: Serving): void;
  /** Lets the pod's containers crash, or run again. */
  setCrashing(pod: KubeObject, crashing: boolean): void;
  serving(uid: string): Serving | undefined;
  stop(): void;
}

/** Runs the pods that are bound to `nodes`: address, start, readiness, graceful end. */
export function startKubelet(o: {
  readonly cluster: KubeCluster;
  readonly aws: AwsAccount;
  readonly clock: Clock;
  readonly nodes: readonly WorkerNode[];
  readonly vpcId: string;
  readonly record: RecordEvent;
  readonly logs: PodLogs;
}): Kubelet {
  const { cluster, aws, clock, record, logs } = o;
  const running = new Map<string, Running>();
  const say = (pod: KubeObject, reason: string, message: string): void =>
    record(pod, { type: 'Normal', reason, message, from: 'kubelet' });

  const sync = reconcileQueue(clock, SYNC_MS, (key) => {
    const { namespace, name } = splitKey(key);
    const pod = cluster.get('pods', namespace, name);
    const state = pod && running.get(pod.metadata.uid ?? '');
    if (!pod || !state) return;
    const started = state.startedAt !== undefined;
    const facts = {
      hostIp: state.node.ip,
      podIp: state.ip,
      startedAt: state.startedAt,
      containersReady: started && state.passing && !state.crashing,
      crashing: state.crashing,
      restarts: state.restarts,
      nodeReady: isNodeReady(cluster.get('nodes', '', state.node.name)),
    };
    const status = podStatus(pod, facts, timestamp(clock.date()));
    if (sameJson(status, pod.status)) return;
    cluster.update('pods', { ...copyOf(pod), status }, kubelet, 'status');
  });

  const freeAddress = ({ eniId }: WorkerNode): string =>
    cluster.ipFamily === 'IPv6' ? aws.network.assignIpv6(eniId) : aws.network.assignIp(eniId);

  const start = (pod: KubeObject, node: WorkerNode): void => {
    const uid = pod.metadata.uid ?? '';
    const state: Running = {
      node,
      ip: undefined,
      startedAt: undefined,
      serving: 'ok',
      passing: true,
      crashing: false,
      restarts: 0,
      stopping: false,
      timers: [],
    };
    running.set(uid, state);
    const probe = pod.spec.containers[0]?.readinessProbe;
    const later = (ms: number, fn: () => void): void => void state.timers.push(clock.after(ms, fn));
    later(SANDBOX_MS, () => {
      state.ip = pod.spec.hostNetwork ? node.ip : freeAddress(node);
      sync.add(keyOf(pod));
    });
    later(SANDBOX_MS + START_MS, () => {
      state.startedAt = timestamp(clock.date());
      state.passing = !probe;
      for (const container of pod.spec.containers) {
        for (const line of startupLines(container.image, clock.date())) logs.append(uid, line);
        say(pod, 'Started', `Started container ${container.name}`);
      }
      sync.add(keyOf(pod));
      if (probe) probeLater(pod, state, 1_000 * (probe.initialDelaySeconds ?? 0) + 1_000);
    });
  };

  const probeLater = (pod: KubeObject, state: Running, ms: number): void => {
    state.timers.push(
      clock.after(ms, () => {
        state.passing = passes(pod, state.serving);
        sync.add(keyOf(pod));
      }),
    );
  };

  const stopPod = (pod: KubeObject, state: Running): void => {
    state.stopping = true;
    const names = pod.spec.containers.map((container: { name: string }) => container.name);
    say(pod, 'Killing', `Stopping container ${names.join(', ')}`);
    const hook = pod.spec.containers[0]?.lifecycle?.preStop?.sleep?.seconds ?? 0;
    const grace = 1_000 * (pod.metadata.deletionGracePeriodSeconds ?? 30);
    const end = Math.min(hook * 1_000 + STOP_MS, grace);
    state.timers.push(
      clock.after(end, () => {
        const { namespace = '', name, uid } = pod.metadata;
        if (cluster.get('pods', namespace, name)?.metadata.uid !== uid) return;
        cluster.delete('pods', namespace, name, kubelet, { gracePeriodSeconds: 0 });
      }),
    );
  };

  const forget = (uid: string): void => {
    const state = running.get(uid);
    if (!state) return;
    for (const cancel of state.timers) cancel();
    running.delete(uid);
    logs.forget(uid);
    const { ip, node } = state;
    if (ip && ip !== node.ip)
      clock.after(ADDRESS_COOLDOWN_MS, () => aws.network.releaseIp(ip, o.vpcId));
  };

  const look = (pod: KubeObject): void => {
    const state = running.get(pod.metadata.uid ?? '');
    const node = o.nodes.find((other) => other.name === pod.spec.nodeName);
    if (!state && node && !pod.metadata.deletionTimestamp) return start(pod, node);
    if (!state) return;
    if (pod.metadata.deletionTimestamp && !state.stopping) return stopPod(pod, state);
    sync.add(keyOf(pod));
  };

  const stops = [
    cluster.onChange('pods', ({ type, object }) =>
      type === 'DELETED' ? forget(object.metadata.uid ?? '') : look(object),
    ),
    cluster.onChange('nodes', ({ object }) => {
      for (const pod of cluster.list('pods')) {
        if (pod.spec.nodeName === object.metadata.name) sync.add(keyOf(pod));
      }
    }),
    () => sync.stop(),
  ];

  return {
    setServing(pod, serving) {
      const state = running.get(pod.metadata.uid ?? '');
      if (!state) throw new Error(`pod ${keyOf(pod)} does not run on a node yet`);
      state.serving = serving;
      const probe = pod.spec.containers[0]?.readinessProbe;
      if (!probe || !state.startedAt) return;
      const times = passes(pod, serving)
        ? (probe.successThreshold ?? 1)
        : (probe.failureThreshold ?? 3);
      probeLater(pod, state, times * (probe.periodSeconds ?? 10) * 1_000);
    },
    setCrashing(pod, crashing) {
      const state = running.get(pod.metadata.uid ?? '');
      if (!state || state.crashing === crashing) return;
      state.crashing = crashing;
      if (crashing) state.restarts++;
      else if (state.startedAt) state.startedAt = timestamp(clock.date());
      sync.add(keyOf(pod));
    },
    serving: (uid) => {
      const state = running.get(uid);
      if (!state?.startedAt || state.crashing) return state && 'refused';
      return state.serving;
    },
    stop() {
      for (const stop of stops) stop();
      for (const state of running.values()) for (const cancel of state.timers) cancel();
    },
  };
}

/** Whether a pod that answers so passes its readiness probe. */
function passes(pod: KubeObject, serving: Serving): boolean {
  const isTcp = pod.spec.containers[0]?.readinessProbe?.tcpSocket !== undefined;
  return answersCheck(serving, isTcp ? 'TCP' : 'HTTP') === 'ok';
}
