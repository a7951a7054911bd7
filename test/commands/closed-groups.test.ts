import { spawn, spawnSync } from 'node:child_process';
import { inside } from '../../src/sandbox/environment.ts';
import type { World } from '../../src/sandbox/world.ts';
import type { Problem } from '../../src/core/model/problem.ts';
import { onStage, SEC, type Stage, VERIFY } from '../laws/stage.ts';

const missing = spawnSync('which', ['aws']).status !== 0 && process.env['CI'] !== 'true';

interface Described {
  readonly SecurityGroups: readonly {
    readonly IpPermissions: readonly object[];
    readonly IpPermissionsEgress: readonly object[];
  }[];
}

const groupOf = (world: World, GroupId: string) =>
  (world.aws.call('ec2.DescribeSecurityGroups', { GroupIds: [GroupId] }, 'test') as Described)
    .SecurityGroups[0]!;

const nodeGroup = ({ aws, clusters }: World): string => {
  const { name, vpcId } = clusters.get(SEC)!;
  return aws.network.nodeGroupOf(name, vpcId);
};

/** Somebody removes every inbound rule of the nodes of the secondary. */
function revoke(world: World): void {
  const GroupId = nodeGroup(world);
  const { IpPermissions } = groupOf(world, GroupId);
  world.aws.call('ec2.RevokeSecurityGroupIngress', { GroupId, IpPermissions }, 'somebody');
  world.settle();
}

const closedIn = async ({
  nlbmc,
}: Stage): Promise<readonly (Problem & { hints: { text: string }[] })[]> => {
  const { code, stdout } = await nlbmc(`${VERIFY} -o json`);
  expect(code).toBe(3);
  return JSON.parse(stdout).problems.filter(
    ({ code: one }: Problem) => one === 'security-group-closed',
  );
};

/** Types a line into a shell of the practice world. */
async function type({ sandbox }: Stage, line: string): Promise<void> {
  const { PATH, HOME } = process.env;
  const env = inside({ PATH, HOME, AWS_PAGER: '', AWS_CONFIG_FILE: '/dev/null' }, sandbox.env);
  const child = spawn('sh', ['-c', line], { env, timeout: 60_000 });
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect({ code, said }).toEqual({ code: 0, said: '' });
}

test('no security group is read while all targets are healthy', () =>
  onStage('joined', async ({ nlbmc, requests, world }) => {
    const from = world.journal.entries.length;
    expect((await nlbmc(VERIFY)).code).toBe(0);
    const asked = requests(from).map(({ action }) => action);
    expect(asked.filter((action) => action?.startsWith('ec2.'))).toEqual([]);
  }));

(missing ? describe.skip : describe)('typed as it is printed, the hint ends it', () => {
  test('a rule that somebody removed', () =>
    onStage('joined', async (stage) => {
      const { world, nlbmc } = stage;
      revoke(world);
      const [problem, ...more] = await closedIn(stage);
      expect(more).toEqual([]);
      expect(problem?.message).toContain(`Security group ${nodeGroup(world)}`);
      expect(problem?.message).toMatch(
        /does not let in TCP 80 from sg-\w+: health checks cannot reach 2 targets of sec-eks-clu1\./,
      );
      await type(stage, problem!.hints[0]!.text);
      world.settle();
      expect((await nlbmc(VERIFY)).code).toBe(0);
      // The controller starts anew and makes its full reconcile, an hour at the latest: it leaves the rule.
      world.cluster(SEC).lbc.restart();
      world.clock.advance(3_600_000);
      expect((await nlbmc(VERIFY)).code).toBe(0);
    }));

  test('outbound rules of the load balancer that somebody removed', () =>
    onStage('joined', async (stage) => {
      const { world, nlbmc } = stage;
      const [balancer] = (
        world.aws.call('elbv2.DescribeLoadBalancers', {}, 'test') as {
          LoadBalancers: { SecurityGroups: string[] }[];
        }
      ).LoadBalancers;
      for (const GroupId of balancer!.SecurityGroups) {
        const IpPermissions = groupOf(world, GroupId).IpPermissionsEgress;
        if (IpPermissions.length > 0)
          world.aws.call('ec2.RevokeSecurityGroupEgress', { GroupId, IpPermissions }, 'somebody');
      }
      world.settle();
      const problems = await closedIn(stage);
      expect(problems.map(({ about }) => about?.cluster)).toHaveLength(2);
      for (const { hints } of problems) for (const { text } of hints) await type(stage, text);
      world.settle();
      expect((await nlbmc(VERIFY)).code).toBe(0);
    }));
});
