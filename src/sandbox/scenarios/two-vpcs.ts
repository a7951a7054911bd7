import type { AwsAccount } from '../aws/account.ts';
import { createAll, type Clusters } from './apply.ts';
import { deployment, plainService } from './objects.ts';
import { arrangeWalkthrough } from './walkthrough.ts';

const NAME = 'second';

/** The second VPC, made at the first request and peered with the first one. */
export function peeredVpc(aws: AwsAccount): string {
  const { network } = aws;
  const [known] = [...network.vpcs.keys()].filter((id) => id !== network.vpcId);
  if (known) return known;
  const vpcId = network.createVpc({ cidr: '10.1.0.0/16', name: NAME });
  const between = { VpcId: network.vpcId, PeerVpcId: vpcId };
  const call = (action: string, params: object) => aws.call(`ec2.${action}`, params, 'person');
  const { VpcPeeringConnection } = call('CreateVpcPeeringConnection', between);
  const { VpcPeeringConnectionId } = VpcPeeringConnection;
  call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId });
  return vpcId;
}

/** The app in every cluster; the secondaries are in the second VPC, with security groups of their own. */
export function arrangeTwoVpcs(clusters: Clusters): void {
  arrangeWalkthrough(clusters);
  for (const { kube } of clusters.secondaries) {
    createAll(kube, deployment(2), plainService('ClusterIP'));
  }
}
