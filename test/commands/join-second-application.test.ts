import { createAll } from '../../src/sandbox/scenarios/apply.ts';
import { appNamed, plainService } from '../../src/sandbox/scenarios/objects.ts';
import { onStage, type Stage } from '../laws/stage.ts';

/** A second listener with a group of its own, as a tool makes them. */
function listen({ world }: Stage, port: number, targetType: 'ip' | 'instance'): void {
  const call = (action: string, params: object) =>
    world.aws.call(`elbv2.${action}`, params, 'tool');
  const { LoadBalancers } = call('DescribeLoadBalancers', {});
  const { TargetGroups } = call('CreateTargetGroup', {
    Name: `api-${port}`,
    Protocol: 'TCP',
    Port: port,
    VpcId: world.aws.network.vpcId,
    TargetType: targetType,
  });
  call('CreateListener', {
    LoadBalancerArn: LoadBalancers[0].LoadBalancerArn,
    Protocol: 'TCP',
    Port: port,
    DefaultActions: [{ Type: 'forward', TargetGroupArn: TargetGroups[0].TargetGroupArn }],
  });
}

describe('several applications on one load balancer that no cluster owns', () => {
  test.each([
    ['ip', 'ClusterIP'],
    ['instance', 'NodePort'],
  ] as const)(
    'the second one joins %s targets beside the first, in the first cluster and the next',
    (targetType, type) =>
      onStage(
        'deployed',
        async (stage) => {
          const { world, nlbmc } = stage;
          listen(stage, 9000, targetType);
          for (const { kube } of world.clusters.values()) {
            const made = appNamed('api', plainService(type));
            const spec = { ...(made.spec as object), selector: { app: 'web' } };
            createAll(kube, {
              ...made,
              spec: { ...spec, ports: [{ port: 9000, targetPort: 80 }] },
            });
          }
          world.settle();
          for (const line of [
            'join web --context eks-clu1 --load-balancer shared',
            `join api --context eks-clu1 --load-balancer shared${targetType === 'ip' ? '' : ' --from-cidr 203.0.113.0/24'}`,
            'join web --context eks-clu2 --load-balancer shared',
            'join api --context eks-clu2 --primary eks-clu1',
          ]) {
            const { stdout, stderr } = await nlbmc(line);
            expect(stdout + stderr).toContain('joined');
            world.settle();
          }
          for (const service of ['web', 'api']) {
            const { code, stdout } = await nlbmc(`verify ${service} --context eks-clu1,eks-clu2`);
            expect(stdout).toContain('Result: ready.');
            expect(code).toBe(0);
          }
        },
        'no-owner',
      ),
  );
});
