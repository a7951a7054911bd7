import type { ControllerApi } from '../process/controller-api.ts';
import { BuildError } from '../process/errors.ts';
import { oneByOne, permissionKey } from '../networking/ingress-rule.ts';
import type { IpPermission } from '../networking/ingress-rule.ts';
import type { ManagedGroupModel } from './service-model.ts';
import { resourceTags, stackFilters, tagChanges } from './tracking.ts';
import type { Tag } from './tracking.ts';
import type { Stack } from './stack-items.ts';

interface Group {
  readonly GroupId: string;
  readonly GroupName: string;
  readonly IpPermissions: readonly IpPermission[];
  readonly Tags?: readonly Tag[];
}

const MANAGED = 'ManagedLBSecurityGroup';

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

/**
 * The groups that were made for the stack's load balancer; one, but for crashes. Their tags are read
 * in each pass. Raises an Error for one that does not say what it is
 * (pkg/deploy/ec2/security_group_synthesizer.go).
 */
export function managedGroups(api: ControllerApi, stack: Stack): Group[] {
  const Filters = [...stackFilters(stack), { Name: 'vpc-id', Values: [stack.vpcId] }];
  const found = api.pages<Group>('ec2.DescribeSecurityGroups', { Filters }, 'SecurityGroups');
  const key = `${stack.names.stackPrefix}resource`;
  const nameless = found.find(({ Tags = [] }) => Tags.every((tag) => tag.Key !== key));
  if (!nameless) return found;
  throw new Error(`unexpected securityGroup with no resourceID: ${nameless.GroupId}`);
}

/** Makes or corrects the group that clients come through, `found` if there; gives back its id. */
export function ensureManagedGroup(
  api: ControllerApi,
  stack: Stack,
  found: Group | undefined,
  model: ManagedGroupModel,
  tags: ReadonlyMap<string, string>,
): string {
  const wantedTags = resourceTags(stack, MANAGED, tags);
  const id =
    found?.GroupId ??
    api.aws<{ GroupId: string }>('ec2.CreateSecurityGroup', {
      VpcId: stack.vpcId,
      GroupName: model.name,
      Description: '[k8s] Managed SecurityGroup for LoadBalancer',
      TagSpecifications: [{ ResourceType: 'security-group', Tags: wantedTags }],
    }).GroupId;
  if (found) reconcileGroupTags(api, stack.clusterName, found, wantedTags);
  reconcileIngress(api, id, found?.IpPermissions ?? [], wantedIngress(model));
  return id;
}

function wantedIngress(model: ManagedGroupModel): IpPermission[] {
  return model.ports.flatMap(({ protocol, port }) =>
    model.cidrs.map((cidr) => ({
      IpProtocol: protocol.toLowerCase(),
      FromPort: port,
      ToPort: port,
      ...(cidr.includes(':')
        ? { Ipv6Ranges: [{ CidrIpv6: cidr, Description: '' }] }
        : { IpRanges: [{ CidrIp: cidr, Description: '' }] }),
    })),
  );
}

/** pkg/deploy/ec2/tagging_manager.go: everybody else's tags are taken off. */
function reconcileGroupTags(
  api: ControllerApi,
  clusterName: string,
  group: Group,
  wanted: readonly Tag[],
): void {
  const found = new Map(group.Tags?.map(({ Key, Value }) => [Key, Value]));
  const { put, drop } = tagChanges(clusterName, found, wanted);
  const Resources = [group.GroupId];
  if (put.length > 0) api.aws('ec2.CreateTags', { Resources, Tags: put });
  if (drop.length > 0) api.aws('ec2.DeleteTags', { Resources, Tags: drop });
}

/** pkg/networking/security_group_reconciler.go: grants come before revocations, each sorted by key. */
function reconcileIngress(
  api: ControllerApi,
  id: string,
  found: readonly IpPermission[],
  wanted: readonly IpPermission[],
): void {
  const present = new Map(found.flatMap(oneByOne).map((one) => [permissionKey(one), one]));
  const desired = new Map(wanted.map((one) => [permissionKey(one), one]));
  const without = (some: ReadonlyMap<string, IpPermission>, others: typeof some): object[] =>
    [...some.keys()]
      .toSorted()
      .filter((key) => !others.has(key))
      .map((key) => some.get(key)!);
  const missing = without(desired, present);
  const extra = without(present, desired);
  if (missing.length > 0) {
    api.aws('ec2.AuthorizeSecurityGroupIngress', { GroupId: id, IpPermissions: missing });
  }
  if (extra.length > 0) {
    api.aws('ec2.RevokeSecurityGroupIngress', { GroupId: id, IpPermissions: extra });
  }
}
