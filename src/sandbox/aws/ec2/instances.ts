import { filtered, named, type Filter } from './filters.ts';
import type { Instance, Interface } from '../state/network-things.ts';
import { tokenPage } from '../state/pages.ts';
import type { State } from '../state/state.ts';
import { tagList } from '../state/resource-tags.ts';

interface ListParams {
  readonly Filters?: readonly Filter[];
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

const STATE_CODES = { running: 16, terminated: 48, stopped: 80 };

const dnsName = (address: string): string => `ip-${address.replaceAll('.', '-')}.ec2.internal`;

const groupsOf = (state: State, eni: Interface): object[] =>
  eni.groupIds.map((GroupId) => ({
    GroupId,
    GroupName: state.network.groups.byId.get(GroupId)?.name ?? '',
  }));

/** What an interface looks like inside its instance and by itself; `brief` leaves out the latter. */
function interfaceView(state: State, eni: Interface, brief: boolean): object {
  const subnet = state.network.subnets.get(eni.subnetId);
  const [primary = ''] = eni.addresses;
  const instanceId = 'instanceId' in eni.owner ? eni.owner.instanceId : undefined;
  const attachment = {
    AttachmentId: eni.id.replace('eni-', 'eni-attach-'),
    DeleteOnTermination: true,
    DeviceIndex: instanceId ? 0 : 1,
    Status: 'attached',
  };
  return {
    NetworkInterfaceId: eni.id,
    Description: eni.description,
    SubnetId: eni.subnetId,
    VpcId: subnet?.vpcId,
    OwnerId: state.account,
    Status: 'in-use',
    InterfaceType: instanceId ? 'interface' : 'network_load_balancer',
    MacAddress: eni.id.slice(-12).replace(/..(?=.)/g, '$&:'),
    SourceDestCheck: true,
    PrivateIpAddress: primary,
    PrivateDnsName: dnsName(primary),
    PrivateIpAddresses: eni.addresses.map((address) => ({
      PrivateIpAddress: address,
      PrivateDnsName: dnsName(address),
      Primary: address === primary,
    })),
    Ipv6Addresses: eni.ipv6Addresses.map((Ipv6Address) => ({ Ipv6Address })),
    Ipv6Prefixes: eni.ipv6Prefixes.map((Ipv6Prefix) => ({ Ipv6Prefix })),
    Groups: groupsOf(state, eni),
    ...(brief
      ? { Attachment: attachment }
      : {
          Attachment: instanceId
            ? { ...attachment, InstanceId: instanceId, InstanceOwnerId: state.account }
            : { ...attachment, InstanceOwnerId: 'amazon-elb' },
          AvailabilityZone: subnet?.zone,
          RequesterManaged: !instanceId,
          ...(instanceId ? {} : { RequesterId: 'amazon-elb' }),
          TagSet: tagList(state, eni.id),
        }),
  };
}

/** EC2 DescribeNetworkInterfaces. */
export function describeNetworkInterfaces(
  state: State,
  params: ListParams & { readonly NetworkInterfaceIds?: readonly string[] },
): object {
  const { network } = state;
  const some = named(
    network.interfaces,
    params.NetworkInterfaceIds,
    'InvalidNetworkInterfaceID.NotFound',
    (id) => `The networkInterface ID '${id}' does not exist`,
  );
  const found = filtered<Interface>(state, some, params.Filters, (eni) => eni.id, {
    'network-interface-id': (eni) => [eni.id],
    'addresses.private-ip-address': (eni) => eni.addresses,
    'private-ip-address': (eni) => [eni.addresses[0]],
    'ipv6-addresses.ipv6-address': (eni) => eni.ipv6Addresses,
    'vpc-id': (eni) => [network.subnets.get(eni.subnetId)?.vpcId],
    'subnet-id': (eni) => [eni.subnetId],
    'availability-zone': (eni) => [network.subnets.get(eni.subnetId)?.zone],
    'group-id': (eni) => eni.groupIds,
    'group-name': (eni) => eni.groupIds.map((id) => network.groups.byId.get(id)?.name),
    'attachment.instance-id': (eni) => [
      'instanceId' in eni.owner ? eni.owner.instanceId : undefined,
    ],
    'interface-type': (eni) => ['instanceId' in eni.owner ? 'interface' : 'network_load_balancer'],
    description: (eni) => [eni.description],
    'owner-id': () => [state.account],
    status: () => ['in-use'],
  });
  const { page, ...next } = tokenPage(state, found, params);
  return { NetworkInterfaces: page.map((eni) => interfaceView(state, eni, false)), ...next };
}

function instanceView(state: State, instance: Instance): object {
  const eni = state.network.interfaces.get(instance.interfaceId);
  const subnet = eni && state.network.subnets.get(eni.subnetId);
  return {
    InstanceId: instance.id,
    ImageId: 'ami-0123456789abcdef0',
    InstanceType: 'm6i.large',
    LaunchTime: instance.launchedAt,
    State: { Code: STATE_CODES[instance.state], Name: instance.state },
    ...(subnet ? { Placement: { AvailabilityZone: subnet.zone, Tenancy: 'default' } } : {}),
    ...(eni && subnet
      ? {
          PrivateIpAddress: eni.addresses[0],
          PrivateDnsName: dnsName(eni.addresses[0] ?? ''),
          SubnetId: subnet.id,
          VpcId: subnet.vpcId,
          SecurityGroups: groupsOf(state, eni),
          NetworkInterfaces: [interfaceView(state, eni, true)],
        }
      : {}),
    Tags: tagList(state, instance.id),
  };
}

/** EC2 DescribeInstances; a terminated instance stays listed. */
export function describeInstances(
  state: State,
  params: ListParams & { readonly InstanceIds?: readonly string[] },
): object {
  const { network } = state;
  const eniOf = (instance: Instance): Interface | undefined =>
    network.interfaces.get(instance.interfaceId);
  const subnetOf = (instance: Instance) => network.subnets.get(eniOf(instance)?.subnetId ?? '');
  const some = named(
    network.instances,
    params.InstanceIds,
    'InvalidInstanceID.NotFound',
    (id) => `The instance ID '${id}' does not exist`,
  );
  const found = filtered<Instance>(state, some, params.Filters, (instance) => instance.id, {
    'instance-id': (instance) => [instance.id],
    'instance-state-name': (instance) => [instance.state],
    'private-ip-address': (instance) => [eniOf(instance)?.addresses[0]],
    'network-interface.addresses.private-ip-address': (instance) =>
      eniOf(instance)?.addresses ?? [],
    'network-interface.ipv6-addresses.ipv6-address': (instance) =>
      eniOf(instance)?.ipv6Addresses ?? [],
    // Interfaces here hold single IPv4 addresses, and IPv6 ones of pods by their prefix.
    'network-interface.ipv4-prefixes.ipv4-prefix': () => [],
    'network-interface.ipv6-prefixes.ipv6-prefix': (instance) =>
      eniOf(instance)?.ipv6Prefixes ?? [],
    'vpc-id': (instance) => [subnetOf(instance)?.vpcId],
    'subnet-id': (instance) => [subnetOf(instance)?.id],
    'availability-zone': (instance) => [subnetOf(instance)?.zone],
    'instance.group-id': (instance) => eniOf(instance)?.groupIds ?? [],
  });
  const { page, ...next } = tokenPage(state, found, params);
  return {
    Reservations: page.map((instance) => ({
      ReservationId: instance.id.replace('i-', 'r-'),
      OwnerId: state.account,
      Groups: [],
      Instances: [instanceView(state, instance)],
    })),
    ...next,
  };
}
