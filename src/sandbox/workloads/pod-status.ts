import type { KubeObject } from '../kube/object.ts';
import { conditionOf, withCondition, type Condition } from '../kube/conditions.ts';

/** What the kubelet knows about one of its pods. */
export interface PodFacts {
  readonly hostIp: string;
  readonly podIp: string | undefined;
  /** When the containers were started; undefined while they are being created. */
  readonly startedAt: string | undefined;
  /** Whether every container runs and passes its readiness probe. */
  readonly containersReady: boolean;
  /** True for a container that exits as soon as it is started. */
  readonly crashing: boolean;
  readonly restarts: number;
  readonly nodeReady: boolean;
}

type ReadyWord = Pick<Condition, 'status' | 'reason' | 'message'>;

/**
 * The pod's status as kubelet writes it; conditions of others (readiness gates) are kept.
 * Ready needs all containers and every readiness gate (kubelet pkg/kubelet/status/generate.go).
 */
export function podStatus(pod: KubeObject, facts: PodFacts, now: string): Record<string, unknown> {
  const containers: { name: string; image: string }[] = pod.spec.containers;
  const running = facts.startedAt !== undefined;
  const contained: ReadyWord = facts.containersReady
    ? { status: 'True' }
    : {
        status: 'False',
        reason: 'ContainersNotReady',
        message: `containers with unready status: [${containers.map((c) => c.name).join(' ')}]`,
      };
  const words: Condition[] = [
    { type: 'PodReadyToStartContainers', status: facts.podIp ? 'True' : 'False' },
    { type: 'Initialized', status: 'True' },
    { type: 'Ready', ...readyWord(pod, facts, contained) },
    { type: 'ContainersReady', ...contained },
    { type: 'PodScheduled', status: 'True' },
  ];
  const old: Condition[] = pod.status?.conditions ?? [];
  return {
    ...pod.status,
    phase: running ? 'Running' : 'Pending',
    conditions: words.reduce(
      (list, word) => withCondition(list, { lastProbeTime: null, ...word }, now),
      old,
    ),
    hostIP: facts.hostIp,
    hostIPs: [{ ip: facts.hostIp }],
    ...(facts.podIp ? { podIP: facts.podIp, podIPs: [{ ip: facts.podIp }] } : {}),
    startTime: pod.status?.startTime ?? now,
    qosClass: pod.status?.qosClass ?? 'BestEffort',
    containerStatuses: containers.map(({ name, image }, i) => ({
      name,
      image,
      imageID: running ? `docker.io/library/${image}` : '',
      ...(running ? { containerID: `containerd://${pod.metadata.uid}-${i}` } : {}),
      ready: facts.containersReady,
      started: running && !facts.crashing,
      restartCount: facts.restarts,
      state: containerState(facts),
      lastState: {},
    })),
  };
}

function containerState(facts: PodFacts): Record<string, unknown> {
  if (facts.startedAt === undefined) return { waiting: { reason: 'ContainerCreating' } };
  if (facts.crashing) return { waiting: { reason: 'CrashLoopBackOff' } };
  return { running: { startedAt: facts.startedAt } };
}

function readyWord(pod: KubeObject, facts: PodFacts, contained: ReadyWord): ReadyWord {
  if (contained.status !== 'True') return contained;
  const gates: { conditionType: string }[] = pod.spec.readinessGates ?? [];
  for (const { conditionType } of gates) {
    const gate = conditionOf(pod.status?.conditions, conditionType);
    if (gate?.status === 'True') continue;
    const message = gate
      ? `the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`
      : `corresponding condition of pod readiness gate "${conditionType}" does not exist.`;
    return { status: 'False', reason: 'ReadinessGatesNotReady', message };
  }
  // Written by the node lifecycle controller, which takes pods of a lost node out of Services.
  if (!facts.nodeReady) return { status: 'False', reason: 'NodeNotReady' };
  return { status: 'True' };
}

/** Whether the pod's Ready condition is True. */
export function isReady(pod: KubeObject): boolean {
  return conditionOf(pod.status?.conditions, 'Ready')?.status === 'True';
}

/** Whether the pod can still do anything: neither Succeeded nor Failed. */
export function isLive(pod: KubeObject): boolean {
  return !['Succeeded', 'Failed'].includes(pod.status?.phase);
}
