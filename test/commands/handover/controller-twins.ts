import { DEFINITIONS } from '../../../src/sandbox/kube/definitions.ts';
import { targetGroupBindingCrd } from '../../../src/sandbox/lbc/install/crd.ts';
import type { WorldCluster } from '../../../src/sandbox/world.ts';
import { adopt, busy, keepGroups, notesOf, release, retag } from '../../sandbox/handover/hands.ts';
import { person, PREFIX } from '../../sandbox/handover/shared.ts';
import {
  handOver,
  healthy,
  lostBy,
  MINUTE,
  nudge,
  ofOwner,
  ofTaker,
  ownersOf,
  ownGroup,
  problemOf,
  standing,
} from './by-hand.ts';
import type { Twin } from './twin.ts';

const CONTROLLER = 'aws-load-balancer-controller';
const STRICT = 'ELBSecurityPolicy-TLS13-1-3-2021-06';

/** Changes the Deployment of a cluster's controller. */
function toDeployment({ kube }: WorldCluster, spec: object): void {
  const patch = { type: 'merge' as const, body: { spec } };
  kube.patch('deployments.apps', 'kube-system', CONTROLLER, patch, person);
}

/** What a handover by hand costs because of a controller. */
export const controllerTwins: readonly Twin[] = [
  {
    code: 'release-unsafe',
    says: 'a Service that is released while it is queued takes the load balancer with it',
    everyRun: true,
    options: { installed: ofOwner({ version: 'v3.3.0' }) },
    play: async (hands, stage) => {
      const before = standing(hands);
      const { saves } = await problemOf(stage, 'release-unsafe');
      expect(saves).toBe(healthy(before).length);
      nudge(hands);
      hands.world.clock.advance(10);
      release(hands, hands.old);
      hands.world.clock.advance(MINUTE);
      expect(hands.balancers).toEqual([]);
      expect(lostBy(hands, before)).toBe(saves);
    },
  },
  {
    code: 'backend-group-off',
    says: 'NEW’s controller refuses the load balancer, and no controller owns it',
    options: { installed: ofTaker({ flags: { enableBackendSecurityGroup: false } }) },
    play: async (hands, stage) => {
      await problemOf(stage, 'backend-group-off');
      const { fresh } = hands;
      const before = standing(hands);
      handOver(hands);
      expect(hands.events(fresh)).toContainEqual(expect.stringMatching(/backendSG feature/));
      expect(ownersOf(hands)).toEqual([]);
      expect(lostBy(hands, before)).toBe(0);
    },
  },
  {
    code: 'controller-differs',
    says: 'NEW’s controller takes the backend group off, and no target is reachable',
    options: { installed: ofOwner({ flags: { enableManageBackendSecurityGroupRules: true } }) },
    play: async (hands, stage) => {
      const group = { [`${PREFIX}security-groups`]: ownGroup(hands) };
      hands.merge(hands.old, 'services', 'nginx', { metadata: { annotations: group } });
      stage.world.clock.advance(10 * MINUTE);
      const before = standing(hands);
      const { saves } = await problemOf(stage, 'controller-differs');
      expect(saves).toBe(healthy(before).length);
      handOver(hands, { more: group, own: true });
      expect(lostBy(hands, before)).toBe(saves);
    },
  },
  {
    code: 'service-differs',
    says: 'without a feature gate, NEW’s controller replaces the target group for its health check',
    options: { installed: ofTaker({ flags: { nlbHealthCheckAdvancedConfig: false } }) },
    play: async (hands, stage) => {
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
  },
  {
    code: 'several-controllers',
    says: 'the other one is restarted: the one that acts does not see the tags, and deregisters NEW’s pods',
    play: async (hands, stage) => {
      busy(hands);
      const [before, own] = [standing(hands), hands.of(hands.fresh)];
      const { kube } = hands.fresh;
      const { metadata, spec } = kube.get('deployments.apps', 'kube-system', CONTROLLER)!;
      const { namespace, labels } = metadata;
      kube.create(
        'deployments.apps',
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'another', namespace: namespace!, labels: labels! },
          spec: { ...spec, replicas: 0 },
        },
        person,
      );
      await problemOf(stage, 'several-controllers');
      handOver(hands, { restarted: ['old'] });
      expect(lostBy(hands, before)).toBe(own.length);
    },
  },
  {
    code: 'controller-paused',
    says: 'its Deployment makes no new pod: the controller does not see the tags, and deregisters NEW’s pods',
    play: async (hands, stage) => {
      busy(hands);
      const [before, own] = [standing(hands), hands.of(hands.fresh)];
      toDeployment(hands.fresh, { paused: true });
      await problemOf(stage, 'controller-paused');
      handOver(hands);
      expect(lostBy(hands, before)).toBe(own.length);
    },
  },
  {
    code: 'controller-missing',
    says: 'nobody takes the load balancer on: no cluster owns it',
    play: async (hands, stage) => {
      toDeployment(hands.fresh, { replicas: 0 });
      stage.world.clock.advance(MINUTE);
      await problemOf(stage, 'controller-missing');
      const notes = { ...notesOf(hands.service(hands.old)), ...keepGroups(hands, hands.old) };
      release(hands, hands.old);
      retag(hands, hands.fresh);
      adopt(hands, hands.fresh, notes);
      stage.world.clock.advance(10 * MINUTE);
      expect(ownersOf(hands)).toEqual([]);
    },
  },
  {
    code: 'controller-too-old',
    says: 'NEW’s controller makes an exclusive binding, and deregisters the targets of OLD',
    progress: 'enabled',
    options: { installed: ofTaker({ version: 'v2.9.2' }) },
    play: async (hands, stage) => {
      const before = standing(hands);
      await problemOf(stage, 'controller-too-old');
      handOver(hands);
      expect(lostBy(hands, before)).toBe(healthy(before).length);
    },
  },
  {
    code: 'field-stripped',
    says: 'the binding that NEW’s controller makes loses the flag, and costs the targets of OLD',
    progress: 'enabled',
    play: async (hands, stage) => {
      const crd = targetGroupBindingCrd('v2.9.2');
      const { kube } = hands.fresh;
      const { resourceVersion } = kube.get(DEFINITIONS, '', crd.metadata.name)!.metadata;
      const metadata = { ...crd.metadata, resourceVersion: resourceVersion! };
      kube.update(DEFINITIONS, { ...crd, metadata }, person);
      const before = standing(hands);
      await problemOf(stage, 'field-stripped');
      handOver(hands);
      expect(lostBy(hands, before)).toBe(healthy(before).length);
    },
  },
  {
    code: 'tls-policy-differs',
    says: 'NEW’s controller sets its own default on the listener: older clients cannot connect',
    options: { installed: ofTaker({ flags: { defaultSslPolicy: STRICT } }) },
    play: async (hands, stage) => {
      const [certificate] = stage.world.aws.certificates;
      hands.merge(hands.old, 'services', 'nginx', {
        metadata: { annotations: { [`${PREFIX}ssl-cert`]: certificate } },
      });
      stage.world.clock.advance(MINUTE);
      const policies = (): readonly string[] =>
        hands
          .aws('elbv2.DescribeListeners', {
            LoadBalancerArn: hands.balancers[0]!['LoadBalancerArn'],
          })
          .Listeners.map((one: { SslPolicy: string }) => one.SslPolicy);
      const before = policies();
      expect(before).not.toContain(STRICT);
      await problemOf(stage, 'tls-policy-differs');
      handOver(hands);
      expect(policies()).toEqual(before.map(() => STRICT));
    },
  },
];
