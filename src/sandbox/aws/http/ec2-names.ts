import type { Dialect } from './xml.ts';

/** Names that are not simply the field with a small first letter; `Within.Field` before `Field`. */
const NAMES: Readonly<Record<string, string>> = {
  Vpcs: 'vpcSet',
  Subnets: 'subnetSet',
  AvailabilityZones: 'availabilityZoneInfo',
  'AvailabilityZones.State': 'zoneState',
  Messages: 'messageSet',
  RouteTables: 'routeTableSet',
  Associations: 'associationSet',
  Routes: 'routeSet',
  VpcPeeringConnections: 'vpcPeeringConnectionSet',
  Ipv6Prefixes: 'ipv6PrefixSet',
  Ipv4Prefixes: 'ipv4PrefixSet',
  Reservations: 'reservationSet',
  Instances: 'instancesSet',
  'Instances.State': 'instanceState',
  'Instances.SecurityGroups': 'groupSet',
  NetworkInterfaces: 'networkInterfaceSet',
  PrivateIpAddresses: 'privateIpAddressesSet',
  Ipv6Addresses: 'ipv6AddressesSet',
  Groups: 'groupSet',
  SecurityGroups: 'securityGroupInfo',
  'SecurityGroups.Description': 'groupDescription',
  UserIdGroupPairs: 'groups',
  SecurityGroupRules: 'securityGroupRuleSet',
  RevokedSecurityGroupRules: 'revokedSecurityGroupRuleSet',
  Tags: 'tagSet',
};

/** EC2's spelling: fields with a small first letter, lists of `item`, and old names for many. */
export const EC2: Dialect = {
  item: 'item',
  name: (field, within) =>
    NAMES[`${within}.${field}`] ?? NAMES[field] ?? field.charAt(0).toLowerCase() + field.slice(1),
};
