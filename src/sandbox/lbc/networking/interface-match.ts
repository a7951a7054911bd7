import { isWithin } from '../../aws/state/addresses.ts';
import type { KubeObject } from '../../kube/object.ts';

const POD_ENI = 'vpc.amazonaws.com/pod-eni';

/** A network interface that carries targets, with the ids of its security groups. */
export interface TargetInterface {
  readonly id: string;
  readonly groupIds: readonly string[];
}

/** An interface as DescribeInstances and DescribeNetworkInterfaces list it. */
export interface DescribedInterface {
  readonly NetworkInterfaceId: string;
  readonly Groups?: readonly { readonly GroupId: string }[];
  readonly PrivateIpAddresses?: readonly { readonly PrivateIpAddress: string }[];
  readonly Ipv6Addresses?: readonly { readonly Ipv6Address: string }[];
  readonly Ipv6Prefixes?: readonly { readonly Ipv6Prefix: string }[];
  readonly Attachment?: { readonly DeviceIndex?: number };
}

/** `namespace/name`; a node's begins with the slash, as Go prints names without namespace. */
export const nameOf = (object: KubeObject): string =>
  `${object.metadata.namespace ?? ''}/${object.metadata.name}`;

/** The address of a pod, empty before it has one. */
export const addressOf = (pod: KubeObject): string => pod['status']?.podIP ?? '';

/** What is remembered of an interface. */
export const infoOf = ({
  NetworkInterfaceId,
  Groups = [],
}: DescribedInterface): TargetInterface => ({
  id: NetworkInterfaceId,
  groupIds: Groups.map((group) => group.GroupId),
});

/** The instance at the end of a node's providerID. */
export function instanceIdOf(node: KubeObject): string {
  const providerId: string = node['spec']?.providerID ?? '';
  if (!providerId) throw new Error(`providerID is not specified for node: ${node.metadata.name}`);
  return providerId.split('/').at(-1)!;
}

/** The pods whose address is on one of their candidates, or in a prefix of one. */
export function matched(
  pods: readonly KubeObject[],
  candidates: (pod: KubeObject) => readonly DescribedInterface[],
): Map<KubeObject, TargetInterface> {
  return new Map(
    pods.flatMap((pod) => {
      const address = addressOf(pod);
      const found = candidates(pod).find(
        ({ PrivateIpAddresses = [], Ipv6Addresses = [], Ipv6Prefixes = [] }) =>
          PrivateIpAddresses.some((one) => one.PrivateIpAddress === address) ||
          Ipv6Addresses.some((one) => one.Ipv6Address === address) ||
          Ipv6Prefixes.some((one) => isWithin(address, one.Ipv6Prefix)),
      );
      return found ? [[pod, infoOf(found)] as const] : [];
    }),
  );
}

/** The branch interface that a pod's annotation names for its address. */
export function branchOf(pod: KubeObject): string | undefined {
  try {
    const noted: readonly { readonly eniId?: string; readonly privateIp?: string }[] = JSON.parse(
      pod.metadata.annotations?.[POD_ENI] ?? '[]',
    );
    return noted.find((one) => one.privateIp === addressOf(pod))?.eniId;
  } catch {
    // Upstream treats an annotation that it cannot read as none.
    return undefined;
  }
}
