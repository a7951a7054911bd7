import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type {
  TrafficBalancer,
  TrafficGroup,
  TrafficListener,
} from '../aws/state/traffic-balancer.ts';
import type { Clock } from '../time/clock.ts';
import type { KubeCluster } from '../kube/cluster/cluster.ts';
import type { Received, ReceivingPod } from '../workloads/receive.ts';
import type { Workloads } from '../workloads/workloads.ts';
import { chooseGroup, chooseTarget, nodesInDns } from './choose-target.ts';
import type { Connections } from './connections.ts';
import { flowHash, type Flow } from './flow.ts';
import type { Serve } from './pod-server.ts';
import { proxyHeader } from './proxy-protocol.ts';
import { secure } from './secure.ts';

/** A cluster whose pods and nodes can be targets. */
export interface TrafficCluster {
  readonly name: string;
  readonly kube: KubeCluster;
  readonly workloads: Workloads;
}

/** A listener together with the load balancer it belongs to, as they are now. */
export interface Listening {
  readonly balancer: TrafficBalancer;
  readonly listener: TrafficListener;
}

interface Surroundings {
  readonly clusters: readonly TrafficCluster[];
  readonly clock: Clock;
  readonly connections: Connections;
  readonly serve: (socket: Socket, serve: Serve) => void;
  /** What TLS listeners speak with. */
  readonly tls: SecureContext | undefined;
}

/**
 * Brings a connection that a listener accepted to its target, as a network load balancer does.
 * `turn` counts the listener's connections: clients get the addresses in DNS by turns. A refusal
 * comes as a reset, since the loopback has accepted by then; a target that is not there, and a
 * security group without a rule for the connection, keep it open in silence. What goes to the target
 * begins with a proxy protocol header where the group says so. The target of a TLS group must speak
 * TLS, but what comes to it is not encrypted once more.
 */
export function handOn(
  around: Surroundings,
  { balancer, listener }: Listening,
  socket: Socket,
  turn: number,
): void {
  const visitor = balancer.clientAddress(addressOf(socket));
  if (!balancer.admits(visitor, listener)) return ignore(around, listener, socket);
  const chosen = choose(balancer, listener, socket, turn);
  // Nothing documented says what a node without any target does; a reset is the plainest no.
  if (!chosen) return void socket.resetAndDestroy();
  const { group, target, node, flow, dice } = chosen;
  const route = balancer.route({ groupArn: group.arn, target, node, client: visitor });
  const { cluster, received } = route
    ? find(around.clusters, { ...target, vpcId: route.vpcId, client: route.source, dice })
    : { cluster: undefined, received: { kind: 'lost' } as const };
  if (received.kind === 'refused' && listener.protocol !== 'TLS') {
    return void socket.resetAndDestroy();
  }
  around.connections.add({
    socket,
    listenerArn: listener.arn,
    groupArn: group.arn,
    targetKey: target.key,
    ...(received.kind === 'accepted' ? { podUid: received.pod.uid } : {}),
  });
  const forget = (): unknown => socket.resetAndDestroy();
  socket.setTimeout(listener.idleMs, forget);

  const proceed = (plain: Socket): void => {
    if (received.kind === 'refused') return void socket.resetAndDestroy();
    // Read and forgotten: a connection that is not read would not notice the client's goodbye.
    if (received.kind === 'lost' || !received.pod.answers()) return void plain.resume();
    // From here on the pod's time limits hold, which are shorter.
    socket.setTimeout(0).off('timeout', forget);
    const { pod, client } = received;
    const encrypted = group.protocol === 'TLS';
    if (encrypted && !agrees(pod.speech, group)) return void socket.resetAndDestroy();
    if (group.proxyProtocol) plain.unshift(proxyHeader(seenFrom(visitor, flow)));
    around.serve(plain, {
      cluster: cluster?.name ?? '',
      pod,
      client,
      encrypted,
      log: (entry) => cluster?.workloads.logRequest(pod, entry),
      now: () => around.clock.date(),
    });
  };
  if (listener.protocol !== 'TLS') return proceed(socket);
  // The load balancer ends TLS itself, before it knows whether the target answers.
  secure(socket, around.tls, proceed);
}

/** Whether a TLS handshake of the load balancer with the pod succeeds: before it nothing can be said. */
function agrees(speech: ReceivingPod['speech'], { proxyProtocol }: TrafficGroup): boolean {
  return speech.tls && speech.proxyProtocol === proxyProtocol;
}

/** The flow as the load balancer has it: the loopback stands for where its clients are. */
const seenFrom = (address: string, flow: Flow): Flow => ({
  ...flow,
  source: { ...flow.source, address },
});

/** A connection whose packets are dropped without an answer. */
function ignore({ connections }: Surroundings, listener: TrafficListener, socket: Socket): void {
  connections.add({ socket, listenerArn: listener.arn, groupArn: '', targetKey: '' });
  socket.setTimeout(listener.idleMs, () => socket.resetAndDestroy());
  socket.resume();
}

function choose(
  balancer: TrafficBalancer,
  listener: TrafficListener,
  socket: Socket,
  turn: number,
): {
  readonly node: TrafficBalancer['nodes'][number];
  readonly group: NonNullable<ReturnType<TrafficBalancer['groups']['get']>>;
  readonly target: NonNullable<ReturnType<typeof chooseTarget>>;
  readonly flow: Flow;
  readonly dice: number;
} | void {
  if (!balancer.isActive) return;
  const nodes = nodesInDns(balancer.nodes, [...balancer.groups.values()]);
  const node = nodes[turn % nodes.length];
  if (!node) return;
  const flow = {
    source: { address: addressOf(socket), port: socket.remotePort ?? 0 },
    destination: { address: node.address, port: listener.port },
  };
  const arn = chooseGroup(listener.forwards, flowHash(flow, 'group'));
  const group = balancer.groups.get(arn ?? '');
  const target = group && chooseTarget(group, node.zone, flowHash(flow, 'target', group.sticky));
  return group && target && { node, group, target, flow, dice: flowHash(flow, 'pod') };
}

function find(
  clusters: readonly TrafficCluster[],
  arriving: Parameters<Workloads['receive']>[0],
): { readonly cluster?: TrafficCluster; readonly received: Received } {
  for (const cluster of clusters) {
    const received = cluster.workloads.receive(arriving);
    if (received) return { cluster, received };
  }
  return { received: { kind: 'lost' } };
}

const addressOf = (socket: Socket): string => socket.remoteAddress ?? '';
