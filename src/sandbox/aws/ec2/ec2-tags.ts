import { AwsError, required } from '../state/error.ts';
import type { State } from '../state/state.ts';
import type { Tag } from '../state/tag.ts';
import { putTags } from '../state/resource-tags.ts';

interface TagParams {
  readonly Resources?: readonly string[];
  readonly Tags?: readonly { readonly Key: string; readonly Value?: string }[];
}

const KINDS: Readonly<
  Record<string, readonly [string, (state: State) => ReadonlyMap<string, unknown>]>
> = {
  vpc: ['InvalidVpcID.NotFound', (state) => state.network.vpcs],
  subnet: ['InvalidSubnetID.NotFound', (state) => state.network.subnets],
  sg: ['InvalidGroup.NotFound', (state) => state.network.groups.byId],
  i: ['InvalidInstanceID.NotFound', (state) => state.network.instances],
  pcx: ['InvalidVpcPeeringConnectionID.NotFound', (state) => state.network.peerings],
  eni: ['InvalidNetworkInterfaceID.NotFound', (state) => state.network.interfaces],
};

function resources(state: State, params: TagParams): readonly string[] {
  const ids = required(params.Resources, 'resourceIdSet', 'ec2');
  for (const id of ids) {
    const kind = KINDS[id.slice(0, id.indexOf('-'))];
    if (!kind) throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
    if (!kind[1](state).has(id)) throw new AwsError(kind[0], `The ID '${id}' does not exist`);
  }
  return ids;
}

/** EC2 CreateTags, for VPCs, subnets, security groups, instances and interfaces. */
export function createTags(state: State, params: TagParams): object {
  const tags = required(params.Tags, 'tagSet', 'ec2').map(({ Key, Value = '' }): Tag => ({
    Key,
    Value,
  }));
  for (const id of resources(state, params)) putTags(state, id, tags);
  return {};
}

/** EC2 DeleteTags: by key, or by key and value; all tags where none is named. */
export function deleteTags(state: State, params: TagParams): object {
  for (const id of resources(state, params)) {
    const there = state.tags.get(id);
    if (!params.Tags) there?.clear();
    for (const { Key, Value } of params.Tags ?? []) {
      if (Value === undefined || there?.get(Key) === Value) there?.delete(Key);
    }
  }
  return {};
}
