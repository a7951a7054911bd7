import { spawnSync } from 'node:child_process';
import { load } from 'js-yaml';
import { quickAws } from '../aws-cli/quick-aws.ts';
import { runNlbmc } from '../commands/harness.ts';
import { fullSize } from '../full-size.ts';
import { walk, type Walked } from '../laws/walk.ts';
import { balancerByHand, behindGroups, CLUSTERS, type EdgeWorld, startEdge } from './edge-world.ts';

const wanted = process.env['CI'] === 'true' || spawnSync('which', ['aws']).status === 0;
const withTools = wanted ? describe : describe.skip;

const all = CLUSTERS.join();
const VERIFY = `verify edge --context ${all}`;
const ENROLL = 'enroll edge --primary one --context two,three';

/**
 * Follows the hints; looks at all clusters each time they end, and follows again what that says. Argo CD
 * applies its source again after each command.
 */
async function toGreen({ sandbox, argo }: EdgeWorld, first: string, look: string): Promise<Walked> {
  const { world } = sandbox;
  const onTyped = (): void => {
    argo.sync();
    world.settle();
  };
  const path: string[] = [];
  for (let line = first; ; line = look) {
    const walked = await walk({ sandbox, world }, line, { most: 20, together: true, onTyped });
    path.push(...walked.path);
    const isLast = line === look && walked.path.length === 1;
    if (walked.end !== 'green' || walked.wrong.length > 0 || isLast) return { ...walked, path };
  }
}

async function isLedToGreen(edge: EdgeWorld, first: string, look = VERIFY): Promise<Walked> {
  try {
    const walked = await toGreen(edge, first, look);
    expect(walked).toEqual({ end: 'green', path: walked.path, wrong: [] });
    return walked;
  } finally {
    await edge.sandbox.stop();
  }
}

withTools('80, 443 (TLS) and 53 (UDP and TCP) of a Service that Argo CD applies', () => {
  beforeAll(quickAws);

  describe.each([
    ['with rules that the controller manages', true],
    ['without managed rules', false],
  ] as const)('it owns the load balancer, behind user groups %s', (_, managed) => {
    test.each(
      [
        ['verify', VERIFY],
        ['enroll', ENROLL],
        ['enable', 'enable edge --context one'],
        ['join', 'join edge --context two,three --primary one'],
      ].slice(0, fullSize ? undefined : 2),
    )('from %s to green', async (__, first) => {
      const { path } = await isLedToGreen(await startEdge(behindGroups(managed)), first);
      // Without managed rules each cluster lacks three, for pods at 8080 and at 5353.
      const rules = path.filter((line) =>
        line.startsWith('aws ec2 authorize-security-group-ingress'),
      );
      expect(rules.filter((line) => / --protocol udp --port 5353 /.test(line))).toHaveLength(
        managed ? 0 : CLUSTERS.length,
      );
      expect(rules).toHaveLength(managed ? 0 : 3 * CLUSTERS.length);
    });
  });

  test('its annotations are committed to the source first, as the caution says', async () => {
    const edge = await startEdge(behindGroups(true));
    const { sandbox, argo } = edge;
    const refused = await runNlbmc(sandbox, 'enable edge --context one --yes');
    expect(refused.code).toBe(2);
    const [, hint = ''] = /next: nlbmc (enable .*?) +# put these/.exec(refused.stderr) ?? [];
    const { code, stdout } = await runNlbmc(sandbox, hint);
    expect(code).toBe(0);
    const { metadata } = load(stdout) as { metadata: { annotations: Record<string, string> } };
    argo.commit(sandbox.world.primary.kube, metadata.annotations);
    sandbox.world.settle();
    const again = await runNlbmc(sandbox, 'enable edge --context one');
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('already enabled')]);
    await isLedToGreen(edge, VERIFY);
  });

  describe('no cluster owns the load balancer, behind user groups', () => {
    test.each(
      [
        ['verify', `verify edge --load-balancer edge --context ${all}`],
        ['join', 'join edge --context one --load-balancer edge'],
        ['enroll', `enroll edge --load-balancer edge --context ${all}`],
        ['join without rules', 'join edge --context one --load-balancer edge --no-networking'],
      ].slice(0, fullSize ? undefined : 3),
    )('from %s to green', async (_, first) => {
      const edge = await startEdge();
      balancerByHand(edge.sandbox);
      await isLedToGreen(edge, first, `verify edge --load-balancer edge --context ${all}`);
    });
  });
});
