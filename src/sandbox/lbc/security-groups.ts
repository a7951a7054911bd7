import type { ControllerApi } from './controller-api.ts';
import { BuildError } from './errors.ts';
import { backendSecurityGroupName } from './naming.ts';
import type { ManagedGroupModel } from './service-model.ts';
import { resourceTags, stackFilters } from './tracking.ts';
import type { StackTags, Tag } from './tracking.ts';

interface Group {
  readonly GroupId: string;
  readonly GroupName: string;
  readonly IpPermissions: readonly Permission[];
  readonly Tags?: readonly Tag[];
}

interface Permission {
  readonly IpProtocol: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly IpRanges?: readonly { readonly CidrIp: string; readonly Description?: string }[];
  readonly Ipv6Ranges?: readonly { readonly CidrIpv6: string; readonly Description?: string }[];
}

const MANAGED = 'ManagedLBSecurityGroup';

/**
 * The shared backend group of the cluster in its VPC, by its tags, made when missing
 * (pkg/networking/backend_sg_provider.go); `known` is what this process found before.
 */
export function backendGroup(api: ControllerApi, clusterName: string, vpcId: string): string {
  const found = findBackendGroup(api, clusterName, vpcId);
  if (found) return found;
  return api.aws<{ GroupId: string }>('ec2.CreateSecurityGroup', {
    VpcId: vpcId,
    GroupName: backendSecurityGroupName(clusterName),
    Description: '[k8s] Shared Backend SecurityGroup for LoadBalancer',
    TagSpecifications: [
      {
        ResourceType: 'security-group',
        Tags: [
          { Key: 'elbv2.k8s.aws/cluster', Value: clusterName },
          { Key: 'elbv2.k8s.aws/resource', Value: 'backend-sg' },
        ],
      },
    ],
  }).GroupId;
}

/** The first group with the tags of the cluster's shared backend group. */
export function findBackendGroup(
  api: ControllerApi,
  clusterName: string,
  vpcId: string,
): string | undefined {
  const Filters = [
    { Name: 'vpc-id', Values: [vpcId] },
    { Name: 'tag:elbv2.k8s.aws/cluster', Values: [clusterName] },
    { Name: 'tag:elbv2.k8s.aws/resource', Values: ['backend-sg'] },
  ];
  return api.pages<Group>('ec2.DescribeSecurityGroups', { Filters }, 'SecurityGroups')[0]?.GroupId;
}

/** Ids of groups named by id or by Name tag (pkg/networking/security_group_resolver.go). */
export function resolveSecurityGroups(
  api: ControllerApi,
  vpcId: string,
  wanted: readonly string[],
): string[] {
  const ids = wanted.filter((name) => name.startsWith('sg-'));
  const names = wanted.filter((name) => !name.startsWith('sg-'));
  const describe = (params: object): Group[] =>
    api.pages<Group>('ec2.DescribeSecurityGroups', params, 'SecurityGroups');
  const found = [
    ...(ids.length > 0 ? describe({ GroupIds: ids }) : []),
    ...(names.length > 0
      ? describe({
          Filters: [
            { Name: 'tag:Name', Values: names },
            { Name: 'vpc-id', Values: [vpcId] },
          ],
        })
      : []),
  ].map((group) => group.GroupId);
  if (found.length === wanted.length) return found;
  throw new BuildError(
    `couldn't find all security groups: requested ids [${ids.join(',')}] and names [${names.join(',')}], found [${found.join(',')}]`,
  );
}

/** The groups that were made for the stack's load balancer; one, but for crashes. */
export function managedGroups(api: ControllerApi, vpcId: string, stack: StackTags): Group[] {
  const Filters = [...stackFilters(stack), { Name: 'vpc-id', Values: [vpcId] }];
  return api.pages<Group>('ec2.DescribeSecurityGroups', { Filters }, 'SecurityGroups');
}

/** Makes or corrects the group that clients come through; gives back its id. */
export function ensureManagedGroup(
  api: ControllerApi,
  vpcId: string,
  stack: StackTags,
  model: ManagedGroupModel,
  tags: ReadonlyMap<string, string>,
): string {
  const found = managedGroups(api, vpcId, stack)[0];
  const id =
    found?.GroupId ??
    api.aws<{ GroupId: string }>('ec2.CreateSecurityGroup', {
      VpcId: vpcId,
      GroupName: model.name,
      Description: '[k8s] Managed SecurityGroup for LoadBalancer',
      TagSpecifications: [
        { ResourceType: 'security-group', Tags: resourceTags(stack, MANAGED, tags) },
      ],
    }).GroupId;
  reconcileIngress(api, id, found?.IpPermissions ?? [], wantedIngress(model));
  return id;
}

function wantedIngress(model: ManagedGroupModel): Permission[] {
  return model.ports.flatMap((port) =>
    model.cidrs.map((cidr) => ({
      IpProtocol: 'tcp',
      FromPort: port,
      ToPort: port,
      ...(cidr.includes(':')
        ? { Ipv6Ranges: [{ CidrIpv6: cidr, Description: '' }] }
        : { IpRanges: [{ CidrIp: cidr, Description: '' }] }),
    })),
  );
}

/** pkg/networking/security_group_reconciler.go: grants come before revocations. */
function reconcileIngress(
  api: ControllerApi,
  id: string,
  found: readonly Permission[],
  wanted: readonly Permission[],
): void {
  const present = found.flatMap(oneByOne);
  const keys = new Set(present.map(permissionKey));
  const wantedKeys = new Set(wanted.map(permissionKey));
  const missing = wanted.filter((permission) => !keys.has(permissionKey(permission)));
  const extra = present.filter((permission) => !wantedKeys.has(permissionKey(permission)));
  if (missing.length > 0) {
    api.aws('ec2.AuthorizeSecurityGroupIngress', { GroupId: id, IpPermissions: missing });
  }
  if (extra.length > 0) {
    api.aws('ec2.RevokeSecurityGroupIngress', { GroupId: id, IpPermissions: extra });
  }
}

/** EC2 lists the sources of one protocol and range together. */
function oneByOne({ IpRanges, Ipv6Ranges, ...rest }: Permission): Permission[] {
  return [
    ...(IpRanges ?? []).map((range) => ({ ...rest, IpRanges: [range] })),
    ...(Ipv6Ranges ?? []).map((range) => ({ ...rest, Ipv6Ranges: [range] })),
  ];
}

function permissionKey(permission: Permission): string {
  const source =
    permission.IpRanges?.[0]?.CidrIp ?? permission.Ipv6Ranges?.[0]?.CidrIpv6 ?? 'other';
  return [permission.IpProtocol, permission.FromPort, permission.ToPort, source].join(' ');
}
