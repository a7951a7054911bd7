import type { Report } from '../../../src/core/plan/report.ts';
import { createAll } from '../../../src/sandbox/scenarios/apply.ts';
import { plainService } from '../../../src/sandbox/scenarios/objects.ts';
import { PRI, SEC } from '../../laws/stage.ts';
import {
  adopt,
  finish,
  keepGroups,
  label,
  notesOf,
  release,
  restart,
  RESTART_MS,
  retag,
} from '../../sandbox/handover/hands.ts';
import { BINDINGS, person, PREFIX } from '../../sandbox/handover/shared.ts';
import {
  cautionOf,
  handOver,
  healthy,
  LINE,
  lostBy,
  MINUTE,
  nudge,
  problemOf,
  standing,
} from './by-hand.ts';
import type { Twin } from './twin.ts';

/** What a handover by hand costs because of what is in a cluster or in AWS. */
export const serviceTwins: readonly Twin[] = [
  {
    code: 'deletion-unprotected',
    says: 'a pass in flight adds the finalizer, and cleans up',
    play: async (hands, stage) => {
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
    },
  },
  {
    code: 'service-differs',
    says: 'NEW’s Service is UDP: its controller replaces the target group of everybody',
    everyRun: true,
    play: async (hands, stage) => {
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
    },
  },
  {
    code: 'stack-taken',
    says: 'the listener moves to the other target group with the same tags, which is empty',
    play: async (hands, stage) => {
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
    },
  },
  {
    code: 'binding-exclusive',
    says: 'its controller deregisters the targets of every other cluster',
    play: async (hands, stage) => {
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
    },
  },
  {
    code: 'managed-elsewhere',
    says: 'a source that replaces NEW’s Service afterwards takes the load balancer with it',
    everyRun: true,
    play: async (hands, stage) => {
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
    },
  },
  {
    code: 'tags-removed',
    says: 'NEW’s first pass takes off what it would not set',
    play: async (hands, stage) => {
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
    },
  },
  {
    code: 'vpc-unsupported',
    says: 'NEW’s controller does not find the load balancer, makes another one and deregisters NEW’s pods',
    options: { scenario: 'two-vpcs' },
    play: async (hands, stage) => {
      const [before, own] = [standing(hands), hands.of(hands.fresh)];
      await problemOf(stage, 'vpc-unsupported');
      handOver(hands, { own: true });
      expect(hands.balancers).toHaveLength(2);
      expect(lostBy(hands, before)).toBe(own.length);
    },
  },
  {
    code: 'owner-elsewhere',
    says: 'its Service has not been released: deleted later, it takes the load balancer with it',
    options: { clusters: [PRI, SEC, 'ter'] },
    play: async (hands, stage) => {
      expect((await stage.nlbmc(`join nginx --context ter --primary ${PRI}`)).code).toBe(0);
      stage.world.settle();
      const before = standing(hands);
      const line = `${LINE.replace(`--old ${PRI}`, '--old ter')} --context ${PRI}`;
      await problemOf(stage, 'owner-elsewhere', line);
      const notes = { ...notesOf(hands.service(hands.old)), ...keepGroups(hands, hands.old) };
      // A pass reads the tags: the one that made everything did not.
      nudge(hands);
      hands.world.clock.advance(5_000);
      retag(hands, hands.fresh);
      restart(hands, hands.fresh);
      hands.world.clock.advance(RESTART_MS);
      label(hands, hands.fresh);
      adopt(hands, hands.fresh, notes);
      hands.world.clock.advance(MINUTE);
      // Its controller still knows the load balancer as its own.
      hands.merge(hands.old, 'services', 'nginx', {
        metadata: { annotations: { [`${PREFIX}attributes`]: null } },
      });
      hands.world.clock.advance(MINUTE);
      hands.old.kube.delete('services', 'default', 'nginx', person);
      hands.world.clock.advance(5 * MINUTE);
      expect(hands.balancers).toEqual([]);
      expect(lostBy(hands, before)).toBe(healthy(before).length);
    },
  },
  {
    code: 'service-terminating',
    says: 'released, OLD’s Service is gone, and its pods lose their targets',
    play: async (hands, stage) => {
      hands.old.kube.delete('services', 'default', 'nginx', person);
      stage.world.clock.advance(MINUTE);
      const [before, own] = [standing(hands), hands.of(hands.old)];
      await problemOf(stage, 'service-terminating');
      hands.merge(hands.old, 'services', 'nginx', { metadata: { finalizers: null } });
      hands.world.clock.advance(10 * MINUTE);
      expect(lostBy(hands, before)).toBe(own.length);
    },
  },
  {
    code: 'other-load-balancer',
    says: 'NEW’s controller goes on with its own, and takes NEW’s pods out of the shared one',
    play: async (hands, stage) => {
      const { fresh } = hands;
      hands.merge(fresh, 'services', 'nginx', {
        metadata: {
          annotations: {
            [`${PREFIX}nlb-target-type`]: 'ip',
            [`${PREFIX}scheme`]: 'internet-facing',
          },
        },
        spec: { type: 'LoadBalancer', loadBalancerClass: 'service.k8s.aws/nlb' },
      });
      stage.world.clock.advance(5 * MINUTE);
      expect(hands.balancers).toHaveLength(2);
      const [before, own] = [standing(hands), hands.of(fresh)];
      await problemOf(stage, 'other-load-balancer');
      handOver(hands);
      expect(lostBy(hands, before)).toBe(own.length);
    },
  },
  {
    code: 'traffic-policy-local',
    says: 'NEW’s controller checks at the port of its own Service, where no node of OLD answers',
    options: { scenario: 'instance' },
    play: async (hands, stage) => {
      hands.merge(hands.old, 'services', 'nginx', { spec: { externalTrafficPolicy: 'Local' } });
      hands.merge(hands.fresh, 'services', 'nginx', { spec: { externalTrafficPolicy: 'Local' } });
      // The first free port has another number in each cluster, as in real ones.
      const other = plainService('NodePort');
      other.metadata.name = 'other';
      Object.assign(other['spec'], {
        type: 'LoadBalancer',
        loadBalancerClass: 'example.com/nobody',
        externalTrafficPolicy: 'Local',
      });
      createAll(hands.fresh.kube, other);
      stage.world.clock.advance(10 * MINUTE);
      const before = standing(hands);
      await problemOf(stage, 'traffic-policy-local');
      handOver(hands);
      expect(lostBy(hands, before)).toBe(healthy(hands.of(hands.old, [...before])).length);
    },
  },
  {
    code: 'target-unclaimed',
    says: 'finished, the group goes that lets an unlisted cluster’s targets in: they are cut off',
    options: { clusters: [PRI, SEC, 'ter'] },
    play: async (hands, stage) => {
      const ter = hands.world.cluster('ter');
      expect((await stage.nlbmc(`join nginx --context ter --primary ${PRI}`)).code).toBe(0);
      stage.world.clock.advance(5 * MINUTE);
      const before = standing(hands);
      const own = hands.of(ter, [...before]);
      expect(healthy(own).length).toBeGreaterThan(0);
      await problemOf(stage, 'target-unclaimed');
      handOver(hands);
      expect(lostBy(hands, before)).toBe(0);
      finish(hands, hands.old, hands.fresh);
      hands.world.clock.advance(10 * MINUTE);
      expect(lostBy(hands, before)).toBe(own.length);
    },
  },
  {
    code: 'listener-weighted',
    says: 'NEW’s first pass forwards to one target group, and the other one’s targets get nothing',
    play: async (hands, stage) => {
      const [shared] = hands.groups;
      const { TargetGroups } = hands.aws('elbv2.CreateTargetGroup', {
        Name: 'canary',
        Protocol: 'TCP',
        Port: 80,
        TargetType: 'ip',
        VpcId: hands.old.vpcId,
      });
      const { LoadBalancerArn } = hands.balancers[0]!;
      const { Listeners } = hands.aws('elbv2.DescribeListeners', { LoadBalancerArn });
      const forwarded = [shared!, TargetGroups[0]].map((one) => ({
        TargetGroupArn: one.TargetGroupArn,
        Weight: 1,
      }));
      hands.aws('elbv2.ModifyListener', {
        ListenerArn: Listeners[0].ListenerArn,
        DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups: forwarded } }],
      });
      const behind = (): number =>
        hands.aws('elbv2.DescribeTargetGroups', { LoadBalancerArn }).TargetGroups.length;
      expect(behind()).toBe(2);
      await problemOf(stage, 'listener-weighted');
      handOver(hands);
      expect(behind()).toBe(1);
    },
  },
];
