import type { AwsAccount } from '../../src/sandbox/aws/account.ts';

/**
 * Puts all nodes on one security group, the primary's, as clusters have it whose node groups were
 * given the same group. Before any controller looks.
 */
export function shareNodeGroup(
  { network }: AwsAccount,
  primary: string,
  nodes: readonly { readonly eniId: string }[],
): void {
  const group = network.nodeGroupOf(primary, network.vpcId);
  for (const { eniId } of nodes) {
    const eni = network.interfaces.get(eniId);
    if (!eni) throw new Error(`no network interface ${eniId}`);
    network.interfaces.set(eniId, { ...eni, groupIds: [group] });
  }
}
