import type { Code } from '../../../src/core/model/codes.ts';
import type { Problem } from '../../../src/core/model/problem.ts';
import type { Report } from '../../../src/core/plan/report.ts';
import {
  adopt,
  keepGroups,
  label,
  notesOf,
  release,
  restart,
  RESTART_MS,
  retag,
} from '../../sandbox/handover/hands.ts';
import { BINDINGS, Handed, person, PREFIX } from '../../sandbox/handover/shared.ts';
import { writesSince } from '../harness.ts';
import { fullSize } from '../../full-size.ts';
import { PRI, SEC, setStage, type Stage, type StageOptions } from '../../laws/stage.ts';

const MINUTE = 60_000;
/** Each is a world of its own: the others are played in CI. */
const inFull = fullSize ? test : test.skip;
const LINE = `handover nginx --old ${PRI} --new ${SEC} --yes`;

/** Lets `act` play in a world that has joined, set by these options. */
async function played(
  options: StageOptions,
  act: (hands: Handed, stage: Stage) => Promise<void>,
): Promise<void> {
  const stage = await setStage('joined', options);
  try {
    await act(new Handed(stage.world), stage);
  } finally {
    await stage.stop();
  }
}

/** The problem of that code for which the command refuses; nothing is written. */
async function problemOf({ nlbmc, sandbox }: Stage, code: Code): Promise<Pick<Problem, 'saves'>> {
  const from = sandbox.world.journal.entries.length;
  const run = await nlbmc(`${LINE} -o json`);
  expect(run.code).toBe(5);
  expect(writesSince(sandbox, from)).toEqual([]);
  const { problems } = JSON.parse(run.stdout) as Report;
  expect(problems.map((problem) => problem.code)).toContain(code);
  return problems.find((problem) => problem.code === code)!;
}

/** The grave caution of that code: the command does not begin without an answer of its own. */
async function cautionOf({ nlbmc }: Stage, code: Code): Promise<Pick<Problem, 'saves'>> {
  const asked = await nlbmc(LINE);
  expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining(`--accept ${code}`)]);
  const { stdout } = await nlbmc(`${LINE} --dry-run -o json`);
  const { cautions } = JSON.parse(stdout) as Report;
  return cautions.find((problem) => problem.code === code)!;
}

/** Targets of the load balancer that is there at first, and of each of these that is lost. */
function standing(hands: Handed): readonly string[] {
  const [balancer] = hands.balancers;
  if (!balancer) return [];
  const { Listeners } = hands.aws('elbv2.DescribeListeners', {
    LoadBalancerArn: balancer['LoadBalancerArn'],
  });
  return Listeners.flatMap((one: { DefaultActions: { TargetGroupArn: string }[] }) =>
    one.DefaultActions.flatMap(({ TargetGroupArn }) => hands.targetsOf(TargetGroupArn)),
  );
}

const healthy = (targets: readonly string[]): readonly string[] =>
  targets.filter((one) => one.endsWith(' healthy'));

/** How many targets were healthy behind the load balancer and are not any more. */
const lostBy = (hands: Handed, before: readonly string[]): number =>
  healthy(before).filter((one) => !standing(hands).includes(one)).length;

/** A security group of a person's that lets clients in. */
function ownGroup(hands: Handed): string {
  const { GroupId } = hands.aws('ec2.CreateSecurityGroup', {
    GroupName: 'own',
    Description: 'own',
    VpcId: hands.old.vpcId,
  });
  const IpRanges = [{ CidrIp: '0.0.0.0/0' }];
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges }];
  hands.aws('ec2.AuthorizeSecurityGroupIngress', { GroupId, IpPermissions });
  return GroupId as string;
}

/** The handover by hand, as a person would do it without looking; `own`: with security groups of their own. */
function handOver(hands: Handed, more: Readonly<Record<string, string>> = {}, own = false): void {
  const { old, fresh } = hands;
  const notes = notesOf(hands.service(old));
  const keep = own ? {} : keepGroups(hands, old);
  release(hands, old);
  hands.world.clock.advance(5_000);
  retag(hands, fresh, own);
  restart(hands, old);
  restart(hands, fresh);
  hands.world.clock.advance(RESTART_MS);
  label(hands, fresh);
  adopt(hands, fresh, { ...notes, ...keep, ...more });
  hands.world.clock.advance(10 * MINUTE);
}

/** Only the owner's controller is another one. */
const ofOwner =
  (installed: object): NonNullable<StageOptions['installed']> =>
  (role) =>
    role === 'primary' ? installed : {};

/** Any change of the Service queues it. */
const nudge = (hands: Handed, word = 'x'): void =>
  hands.merge(hands.old, 'services', 'nginx', { metadata: { annotations: { word } } });

test('release-unsafe: a Service that is released while it is queued takes the load balancer with it', () =>
  played({ installed: ofOwner({ version: 'v3.3.0' }) }, async (hands, stage) => {
    const before = standing(hands);
    const { saves } = await problemOf(stage, 'release-unsafe');
    expect(saves).toBe(healthy(before).length);
    nudge(hands);
    hands.world.clock.advance(10);
    release(hands, hands.old);
    hands.world.clock.advance(MINUTE);
    expect(hands.balancers).toEqual([]);
    expect(lostBy(hands, before)).toBe(saves);
  }));

inFull('deletion-unprotected: a pass in flight adds the finalizer, and cleans up', () =>
  played({}, async (hands, stage) => {
    const { clock } = stage.world;
    hands.merge(hands.old, 'services', 'nginx', {
      metadata: { annotations: { [`${PREFIX}attributes`]: null } },
    });
    clock.advance(MINUTE);
    const before = standing(hands);
    const { saves } = await problemOf(stage, 'deletion-unprotected');
    expect(saves).toBe(healthy(before).length);
    nudge(hands);
    clock.advance(30);
    release(hands, hands.old);
    clock.advance(MINUTE);
    expect(hands.service(hands.old).metadata.finalizers).toHaveLength(1);
    // The next change of the Service is enough.
    nudge(hands, 'y');
    clock.advance(MINUTE);
    expect(hands.balancers).toEqual([]);
    expect(lostBy(hands, before)).toBe(saves);
  }),
);

test('service-differs: NEW’s Service is UDP: its controller replaces the target group of everybody', () =>
  played({}, async (hands, stage) => {
    hands.merge(hands.fresh, 'services', 'nginx', {
      spec: { ports: [{ name: 'http', port: 80, targetPort: 80, protocol: 'UDP' }] },
    });
    stage.world.clock.advance(MINUTE);
    const { saves } = await problemOf(stage, 'service-differs');
    const there = standing(hands);
    expect(saves).toBe(there.length);
    const [shared] = hands.groups;
    handOver(hands);
    // With the target group go all of its targets; NEW's pods are registered again in the new one.
    expect(hands.groups.map((one) => one['TargetGroupArn'])).not.toContain(
      shared!['TargetGroupArn'],
    );
    expect(standing(hands).filter((one) => hands.of(hands.old, [one]).length > 0)).toEqual([]);
  }));

inFull(
  'stack-taken: the listener moves to the other target group with the same tags, which is empty',
  () =>
    played({}, async (hands, stage) => {
      const before = standing(hands);
      const { TargetGroups } = hands.aws('elbv2.CreateTargetGroup', {
        Name: 'stray',
        Protocol: 'TCP',
        Port: 80,
        TargetType: 'ip',
        VpcId: hands.old.vpcId,
        Tags: [
          { Key: 'elbv2.k8s.aws/cluster', Value: SEC },
          { Key: 'service.k8s.aws/stack', Value: 'default/nginx' },
          { Key: 'service.k8s.aws/resource', Value: 'default/nginx:80' },
        ],
      });
      const stray: string = TargetGroups[0].TargetGroupArn;
      const { saves } = await problemOf(stage, 'stack-taken');
      expect(saves).toBe(healthy(before).length);
      const shared = hands.groups.find((one) => one['TargetGroupArn'] !== stray)!;
      handOver(hands);
      expect(hands.targetsOf(shared['TargetGroupArn'])).not.toEqual(before);
      // What NEW registers again in the stray one is new; every target of OLD is gone from the listener.
      expect(standing(hands).filter((one) => hands.of(hands.old, [one]).length > 0)).toEqual([]);
    }),
);

inFull('binding-exclusive: its controller deregisters the targets of every other cluster', () =>
  played({}, async (hands, stage) => {
    const { fresh, old } = hands;
    const before = standing(hands);
    fresh.lbc.pause();
    const [binding] = hands.bindings(fresh);
    fresh.kube.patch(
      BINDINGS,
      'default',
      binding!.metadata.name,
      { type: 'merge', body: { spec: { multiClusterTargetGroup: false } } },
      person,
    );
    const { saves } = await problemOf(stage, 'binding-exclusive');
    expect(saves).toBe(hands.of(old).length);
    fresh.lbc.resume();
    stage.world.clock.advance(10 * MINUTE);
    expect(lostBy(hands, before)).toBe(saves);
  }),
);

inFull(
  'backend-group-off: NEW’s controller refuses the load balancer, and no controller owns it',
  () =>
    played(
      {
        installed: (role) =>
          role === 'primary' ? {} : { flags: { enableBackendSecurityGroup: false } },
      },
      async (hands, stage) => {
        await problemOf(stage, 'backend-group-off');
        const { old, fresh } = hands;
        const before = standing(hands);
        handOver(hands);
        expect(hands.events(fresh)).toContainEqual(expect.stringMatching(/backendSG feature/));
        expect([old, fresh].map((one) => hands.service(one).metadata.finalizers ?? [])).toEqual([
          [],
          [],
        ]);
        expect(lostBy(hands, before)).toBe(0);
      },
    ),
);

inFull(
  'controller-differs: NEW’s controller takes the backend group off, and no target is reachable',
  () =>
    played(
      { installed: ofOwner({ flags: { enableManageBackendSecurityGroupRules: true } }) },
      async (hands, stage) => {
        const group = { [`${PREFIX}security-groups`]: ownGroup(hands) };
        hands.merge(hands.old, 'services', 'nginx', { metadata: { annotations: group } });
        stage.world.clock.advance(10 * MINUTE);
        const before = standing(hands);
        const { saves } = await problemOf(stage, 'controller-differs');
        expect(saves).toBe(healthy(before).length);
        handOver(hands, group, true);
        expect(lostBy(hands, before)).toBe(saves);
      },
    ),
);

test('managed-elsewhere: a source that replaces NEW’s Service afterwards takes the load balancer with it', () =>
  played({}, async (hands, stage) => {
    const { fresh } = hands;
    const source = hands.service(fresh);
    hands.merge(fresh, 'services', 'nginx', {
      metadata: { labels: { 'argocd.argoproj.io/instance': 'web' } },
    });
    const before = standing(hands);
    const { saves } = await cautionOf(stage, 'managed-elsewhere');
    expect(saves).toBe(healthy(before).length);
    handOver(hands);
    expect(lostBy(hands, before)).toBe(0);
    // As `kubectl replace` and Argo CD with Replace=true send it: finalizers are not part of the source.
    const { metadata, spec } = hands.service(fresh);
    fresh.kube.update(
      'services',
      {
        ...source,
        metadata: {
          ...source.metadata,
          resourceVersion: metadata.resourceVersion!,
          finalizers: metadata.finalizers!,
        },
        spec: { ...source['spec'], clusterIP: spec.clusterIP },
      },
      person,
    );
    hands.world.clock.advance(10 * MINUTE);
    expect(hands.balancers).toEqual([]);
    expect(lostBy(hands, before)).toBe(saves);
  }));

inFull(
  'service-differs: without a feature gate, NEW’s controller replaces the target group for its health check',
  () =>
    played(
      {
        installed: (role) =>
          role === 'primary' ? {} : { flags: { nlbHealthCheckAdvancedConfig: false } },
      },
      async (hands, stage) => {
        hands.merge(hands.old, 'services', 'nginx', {
          metadata: { annotations: { [`${PREFIX}healthcheck-timeout`]: '6' } },
        });
        stage.world.clock.advance(MINUTE);
        const { saves } = await problemOf(stage, 'service-differs');
        expect(saves).toBe(healthy(standing(hands)).length);
        const [shared] = hands.groups;
        handOver(hands);
        expect(hands.groups.map((one) => one['TargetGroupArn'])).not.toContain(
          shared!['TargetGroupArn'],
        );
        expect(standing(hands).filter((one) => hands.of(hands.old, [one]).length > 0)).toEqual([]);
      },
    ),
);

inFull('tags-removed: NEW’s first pass takes off what it would not set', () =>
  played({}, async (hands, stage) => {
    const { world, nlbmc } = stage;
    const arn: string = hands.balancers[0]!['LoadBalancerArn'];
    const Tags = [{ Key: 'cost', Value: 'web' }];
    world.aws.call('elbv2.AddTags', { ResourceArns: [arn], Tags }, 'person');
    const { stdout } = await nlbmc(`${LINE} --dry-run -o json`);
    const { cautions } = JSON.parse(stdout) as Report;
    expect(cautions.find(({ code }) => code === 'tags-removed')?.details).toEqual(['cost=web']);
    const keys = (): readonly string[] =>
      hands
        .aws('elbv2.DescribeTags', { ResourceArns: [arn] })
        .TagDescriptions[0].Tags.map(({ Key }: { Key: string }) => Key);
    expect(keys()).toContain('cost');
    handOver(hands);
    expect(keys()).not.toContain('cost');
  }),
);
