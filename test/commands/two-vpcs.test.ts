import type { Sandbox } from '../../src/sandbox/server.ts';
import { runNlbmc, startPractice, writesSince } from './harness.ts';
import { reportOf } from './clusters.ts';

const [PRI, SEC] = ['pri-eks-clu1', 'sec-eks-clu1'];
const JOIN = `join nginx --context ${SEC} --primary ${PRI}`;

let sandbox: Sandbox;
const nlbmc = (line: string) => runNlbmc(sandbox, line);
const reported = (line: string) => reportOf(sandbox, line);

beforeEach(async () => {
  sandbox = await startPractice({ scenario: 'two-vpcs' });
  expect((await nlbmc(`enable nginx --context ${PRI}`)).code).toBe(0);
});
afterEach(() => sandbox.stop());

interface Peerings {
  readonly VpcPeeringConnections: readonly { readonly VpcPeeringConnectionId: string }[];
}

test('a cluster in a peered VPC joins, and gets to green', async () => {
  const report = await reported(JOIN);
  expect(report).toMatchObject({ exit: 0, result: 'joined', skips: [] });
  expect((await nlbmc(`verify nginx --context ${PRI},${SEC}`)).code).toBe(0);
  expect(await reported(JOIN)).toMatchObject({ exit: 0, result: 'already joined' });
});

test('without the peering a person decides: a transit gateway cannot be seen', async () => {
  const { aws } = sandbox.world;
  const { VpcPeeringConnections } = aws.call(
    'ec2.DescribeVpcPeeringConnections',
    {},
    'test',
  ) as Peerings;
  for (const { VpcPeeringConnectionId } of VpcPeeringConnections)
    aws.call('ec2.DeleteVpcPeeringConnection', { VpcPeeringConnectionId }, 'person');
  const { cautions } = await reported(`${JOIN} --dry-run`);
  expect(cautions).toMatchObject([{ code: 'vpc-not-peered', grave: true }]);
  const from = sandbox.world.journal.entries.length;
  expect((await nlbmc(`${JOIN} --yes`)).code).toBe(2);
  expect(writesSince(sandbox, from)).toEqual([]);
  // Nothing else connects them here, and the targets stay unhealthy.
  expect((await nlbmc(`${JOIN} --accept vpc-not-peered --timeout 2m`)).code).toBe(6);
});
