import { isIP } from 'node:net';
import type { KubeObject } from '../../kube/object.ts';
import type { IngressSource, WantedRule } from './ingress-rule.ts';

const ALL_PORTS = { from: 0, to: 65_535 };

interface Peer {
  readonly securityGroup?: { readonly groupID: string };
  readonly ipBlock?: { readonly cidr: string };
}

interface Port {
  readonly protocol?: 'TCP' | 'UDP';
  readonly port?: number | string;
}

/** A binding's spec.networking. */
export interface Networking {
  readonly ingress?: readonly { readonly from: readonly Peer[]; readonly ports: readonly Port[] }[];
}

/**
 * The rules that a binding's targets need (pkg/networking/networking_manager.go,
 * computeIngressPermissionsForTGBNetworking); `pods` are those behind the group in question, none for
 * instance targets. A port's name may be another number on each pod. A rule without ports gives
 * nothing: there upstream means all TCP ports, but loses what it computed in a shadowed variable.
 */
export function wantedRules(networking: Networking, pods: readonly KubeObject[]): WantedRule[] {
  return (networking.ingress ?? []).flatMap(({ from, ports }) =>
    from.flatMap((peer) => {
      const source = sourceOf(peer);
      return ports.flatMap(({ protocol = 'TCP', port }) =>
        rangesOf(port, pods).map((range) => ({
          protocol: protocol.toLowerCase(),
          ...range,
          source,
        })),
      );
    }),
  );
}

function sourceOf(peer: Peer): IngressSource {
  if (peer.securityGroup) return { kind: 'group', id: peer.securityGroup.groupID };
  if (!peer.ipBlock) throw new Error('either ipBlock or securityGroup should be specified');
  const { cidr } = peer.ipBlock;
  const [address = '', bits = ''] = cidr.split('/');
  const family = isIP(address);
  if (family === 0 || !/^\d+$/.test(bits) || Number(bits) > (family === 6 ? 128 : 32)) {
    throw new Error(`invalid CIDR address: ${cidr}`);
  }
  return { kind: family === 6 ? 'ipv6' : 'ipv4', cidr };
}

function rangesOf(
  port: number | string | undefined,
  pods: readonly KubeObject[],
): readonly { readonly from: number; readonly to: number }[] {
  if (port === undefined) return [ALL_PORTS];
  if (typeof port === 'number') return [{ from: port, to: port }];
  if (pods.length === 0) throw new Error('named ports can only be used with pod endpoints');
  const numbers = new Set(pods.map((pod) => containerPort(pod, port)));
  return [...numbers].toSorted((a, b) => a - b).map((number) => ({ from: number, to: number }));
}

function containerPort(pod: KubeObject, name: string): number {
  const sidecars = (pod['spec'].initContainers ?? []).filter(
    (one: { restartPolicy?: string }) => one.restartPolicy === 'Always',
  );
  for (const { ports = [] } of [...(pod['spec'].containers ?? []), ...sidecars]) {
    const found = ports.find((one: { name?: string }) => one.name === name);
    if (found) return found.containerPort;
  }
  const where = `${pod.metadata.namespace}/${pod.metadata.name}`;
  throw new Error(`unable to find port ${name} on pod ${where}`);
}

/**
 * What all bindings together need on one group: rules from groups become one range per protocol and
 * source, from the lowest port to the highest; those from address blocks stay as they are
 * (computeRestrictedIngressPermissionsPerSG). With `--disable-restricted-sg-rules` nothing is merged.
 */
export function mergedRules(rules: readonly WantedRule[], restricted: boolean): WantedRule[] {
  if (!restricted) return [...rules];
  const merged = new Map<string, WantedRule>();
  const blocks: WantedRule[] = [];
  for (const rule of rules) {
    if (rule.source.kind !== 'group') {
      blocks.push(rule);
      continue;
    }
    const key = `${rule.protocol} ${rule.source.id}`;
    const { from, to } = merged.get(key) ?? rule;
    merged.set(key, { ...rule, from: Math.min(from, rule.from), to: Math.max(to, rule.to) });
  }
  return [...merged.values(), ...blocks];
}
