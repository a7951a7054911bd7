import { type Progress, setStage, type Stage, type StageOptions } from './stage.ts';

/** All objects and all of AWS, as they are kept: names, UIDs, versions, field managers and times, too. */
function everything({ world }: Stage): unknown {
  const call = (action: string, params: object): unknown => world.aws.call(action, params, 'test');
  const { TargetGroups } = call('elbv2.DescribeTargetGroups', {}) as {
    TargetGroups: { TargetGroupArn: string }[];
  };
  const { LoadBalancers } = call('elbv2.DescribeLoadBalancers', {}) as {
    LoadBalancers: { LoadBalancerArn: string }[];
  };
  const each = (action: string, params: readonly object[]): unknown[] =>
    params.map((one) => call(action, one));
  return {
    at: world.clock.time(),
    clusters: [...world.clusters.values()].map(({ kube }) =>
      kube.resources().map(({ key }) => [key, kube.list(key)]),
    ),
    groups: [
      TargetGroups,
      each('elbv2.DescribeTargetHealth', TargetGroups),
      each('elbv2.DescribeTargetGroupAttributes', TargetGroups),
      call('elbv2.DescribeTags', {
        ResourceArns: TargetGroups.map(({ TargetGroupArn }) => TargetGroupArn),
      }),
    ],
    balancers: [
      LoadBalancers,
      each('elbv2.DescribeListeners', LoadBalancers),
      each('elbv2.DescribeLoadBalancerAttributes', LoadBalancers),
      call('elbv2.DescribeTags', {
        ResourceArns: LoadBalancers.map(({ LoadBalancerArn }) => LoadBalancerArn),
      }),
    ],
    securityGroups: call('ec2.DescribeSecurityGroups', {}),
    written: world.journal.entries
      .filter(({ mutating, status }) => mutating && status < 300)
      .map((entry) => ({ ...entry, n: undefined })),
  };
}

const rows: readonly (readonly [Progress, StageOptions])[] = [
  ['joined', {}],
  ['enabled', { scenario: 'multi-port' }],
  ['joined', { scenario: 'auto-mode' }],
  ['joined', { scenario: 'no-owner' }],
];

test.each(rows)('a stage that is %s is the same the second time: %o', async (progress, o) => {
  const once = await setStage(progress, { ...o, afresh: true });
  const again = await setStage(progress, o);
  try {
    const requests = ({ world }: Stage): number =>
      world.journal.entries.filter(({ source }) => source === 'http').length;
    expect(requests(again)).toBeLessThan(requests(once) / 2);
    expect(everything(again)).toEqual(everything(once));
    // What controllers remember, and what they wait for, shows later.
    for (const { world } of [once, again]) world.clock.advance(60 * 60_000);
    expect(everything(again)).toEqual(everything(once));
  } finally {
    await Promise.all([once.stop(), again.stop()]);
  }
});
