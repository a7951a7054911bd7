import type { SecurityGroup, TargetGroup } from '../../../src/core/model/aws.ts';
import { unknown } from '../../../src/core/model/problem.ts';
import type { Problem } from '../../../src/core/model/problem.ts';
import { verdictOf } from '../../../src/core/verify/verify.ts';
import { known } from '../../../src/core/model/problem.ts';
import { group, pathTo } from '../paths.ts';
import { typed } from '../typed.ts';
import { intent, world } from '../verifying.ts';
import { enabledPrimary, forbidden, joinedSecondary, primaryTargets, tcpCheck } from '../world.ts';

const sick = ['10.0.2.1:80', '10.0.2.2:80'].map(
  (one) => `${one} unhealthy Target.FailedHealthChecks`,
);
const targets = { 80: [...primaryTargets, ...sick] };
/** What verify says of groups, where those of the sick targets have these rules. */
function said(
  o: {
    readonly ingress?: readonly string[];
    readonly egress?: readonly string[];
    readonly managed?: boolean;
    readonly balancerGroups?: readonly string[];
    readonly group?: Partial<TargetGroup>;
    readonly held?: readonly SecurityGroup[];
  } = {},
): readonly Problem[] {
  const held = o.held ?? [group('sg-node', { ingress: o.ingress ?? [] })];
  const clusters = [enabledPrimary(), joinedSecondary()].map((one) =>
    o.managed ? one : one.unruled(),
  );
  const seen = world({
    clusters,
    targets,
    ...(o.group ? { group: o.group } : {}),
    ...(o.balancerGroups ? { balancer: { securityGroupIds: o.balancerGroups } } : {}),
  });
  const egress = o.egress ? { egress: o.egress } : {};
  const path = pathTo(
    { '10.0.2.1': held, '10.0.2.2': held },
    { balancerGroups: known([group('sg-front', egress), group('sg-back', egress)]) },
  );
  return verdictOf({ ...seen, path }, intent).problems.filter(
    ({ code }) => code === 'security-group-closed',
  );
}

describe('a security group that keeps the load balancer out', () => {
  test('since the rules of the binding name a group that the load balancer has lost: a join writes them again', () => {
    const [problem] = said({ managed: true, balancerGroups: ['sg-front', 'sg-new'] });
    expect(problem?.message).toMatch(/rules of default\/nginx name sg-back, which is not on/);
    expect(problem?.hints?.[0]).toMatchObject({ command: 'join', options: { adopt: true } });
    const kept = said({ managed: true });
    expect(kept[0]?.message).not.toContain('not on the load balancer');
    expect(kept[0]?.hints?.[0]).toMatchObject({ kind: 'tool' });
  });

  test('names the rule, the targets, why, and the command', () => {
    const [problem, ...more] = said();
    expect(more).toEqual([]);
    expect(problem?.message).toBe(
      'Security group sg-node does not let in TCP 80 from sg-front: health checks cannot reach 2 targets of sec. default/nginx has no spec.networking, so its controller opens no port.',
    );
    expect(problem?.details).toEqual(['10.0.2.1:80', '10.0.2.2:80']);
    expect(typed(problem)).toContain(
      'aws ec2 authorize-security-group-ingress --group-id sg-node --protocol tcp --port 80 --source-group sg-front --region us-east-1',
    );
  });

  test('the source is the group that the rules of the binding name', () => {
    const [problem] = said({ managed: true });
    expect(problem?.message).toContain('TCP 80 from sg-back');
    expect(problem?.message).toContain('The controller of sec made this rule');
  });

  test.each<[string, string]>([
    ['another group of the load balancer', 'tcp 80 sg-back'],
    ['a range of ports', 'tcp 1-100 sg-front'],
    ['every protocol', '-1 sg-front'],
    ['the subnets of the load balancer', 'tcp 80 10.0.0.0/16'],
    ['a protocol by its number', '6 80 sg-front'],
    ['a part of the subnets, which may be the one', 'tcp 80 10.0.1.0/24'],
    ['a prefix list, which may have them', 'tcp 80 pl-1'],
  ])('open: %s', (_, rule) => expect(said({ ingress: [rule] })).toEqual([]));

  test.each<[string, string]>([
    ['another port', 'tcp 81 sg-front'],
    ['another protocol', 'udp 80 sg-front'],
    ['another group', 'tcp 80 sg-other'],
    ['other addresses', 'tcp 80 192.168.0.0/16'],
    ['the other family', 'tcp 80 ::/0'],
  ])('closed: %s', (_, rule) => expect(said({ ingress: [rule] })).toHaveLength(1));

  test('a health check port of its own, and traffic, are two rules of one group', () => {
    const healthCheck = { ...tcpCheck, port: '9000' };
    const [problem, ...more] = said({ group: { healthCheck } });
    expect(more).toEqual([]);
    expect(problem?.message).toContain('TCP 9000 from sg-front and TCP 80 from sg-front');
    expect(typed(problem).split('\n')).toHaveLength(2);
    const open = said({ group: { healthCheck }, ingress: ['tcp 9000 sg-front'] });
    expect(open[0]?.message).toContain('traffic cannot reach');
  });

  test('UDP traffic has TCP health checks', () => {
    const [problem] = said({ group: { protocol: 'UDP' } });
    expect(problem?.message).toContain('TCP 80 from sg-front and UDP 80 from sg-front');
    expect(
      said({ group: { protocol: 'TCP_UDP' }, ingress: ['tcp 80 sg-front'] })[0]?.message,
    ).toContain('does not let in UDP 80 from sg-front');
  });

  test('a load balancer without groups comes from its subnets', () => {
    const [problem] = said({ balancerGroups: [] });
    expect(problem?.message).toContain('TCP 80 from 10.0.0.0/20');
    expect(typed(problem)).toContain(
      "--ip-permissions 'IpProtocol=tcp,FromPort=80,ToPort=80,IpRanges=[{CidrIp=10.0.0.0/20}]'",
    );
    expect(said({ balancerGroups: [], ingress: ['tcp 80 10.0.0.0/20'] })).toEqual([]);
  });

  test('of several groups the one with the tag of the cluster gets the rule', () => {
    const tagged = group('sg-b', { tags: { 'kubernetes.io/cluster/sec': 'owned' } });
    const [problem] = said({ held: [group('sg-a'), tagged] });
    expect(problem?.message).toContain('Security group sg-b');
    expect(said({ held: [group('sg-a', { ingress: ['tcp 80 sg-front'] }), tagged] })).toEqual([]);
  });

  test('the outbound rules of the load balancer count, too', () => {
    const [problem] = said({ ingress: ['tcp 80 sg-front'], egress: ['tcp 443 0.0.0.0/0'] });
    expect(problem?.message).toBe(
      'Security group sg-front of the load balancer does not let out TCP 80 to sg-node: health checks cannot reach 2 targets of sec. No controller manages outbound rules.',
    );
    expect(typed(problem)).toContain(
      "aws ec2 authorize-security-group-egress --group-id sg-front --ip-permissions 'IpProtocol=tcp,FromPort=80,ToPort=80,UserIdGroupPairs=[{GroupId=sg-node}]'",
    );
    const open = { ingress: ['tcp 80 sg-front'], egress: ['tcp 80 10.0.2.0/24'] };
    expect(said(open)).toEqual([]);
  });
});

test('what could not be read is shown as a skip', () => {
  const seen = world({ targets });
  const path = pathTo({}, { interfaces: unknown({ ...forbidden, code: 'aws-denied' }) });
  const verdict = verdictOf({ ...seen, path }, intent);
  expect(verdict.skips.map(({ code }) => code)).toContain('aws-denied');
  expect(verdict.problems.map(({ code }) => code)).not.toContain('security-group-closed');
});
