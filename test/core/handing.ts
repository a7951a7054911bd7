import { handoverCase } from '../../src/core/handover/sides.ts';
import type { HandoverCase } from '../../src/core/handover/handover-case.ts';
import type { LoadBalancer, TargetGroup } from '../../src/core/model/aws.ts';
import type { ControllerProcess, HandoverFacts } from '../../src/core/model/handover.ts';
import type { HandoverIntent } from '../../src/core/model/intent.ts';
import { known } from '../../src/core/model/problem.ts';
import { handoverChecks } from '../../src/core/handover/checks.ts';
import { type Found, runChecks } from '../../src/core/plan/check.ts';
import { arnOf, type ClusterBuilder, service } from './cluster-builder.ts';
import {
  enabledAnnotations,
  enabledPrimary,
  hostname,
  joinedSecondary,
  observed,
  primaryTargets,
  secondaryTargets,
  type WorldParts,
} from './world.ts';

const tags = {
  'elbv2.k8s.aws/cluster': 'pri',
  'service.k8s.aws/stack': 'default/nginx',
  'service.k8s.aws/resource': 'LoadBalancer',
};

const arn =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/k8s-default-nginx-abc/0123456789abcdef';

/** The process of a controller, with these flags. */
export const processWith = (over: Partial<ControllerProcess> = {}): ControllerProcess => ({
  deployment: { namespace: 'kube-system', name: 'aws-load-balancer-controller' },
  rolledOut: true,
  replicas: 2,
  pods: [{ name: 'a', ready: true, startedAt: '2026-11-23T11:00:00Z' }],
  leader: 'a_1',
  flags: {},
  ...over,
});

/** What a handover reads beside the common facts, with everything as it should be. */
const factsWith = (over: Partial<HandoverFacts> = {}): HandoverFacts => ({
  controllers: { pri: known(processWith()), sec: known(processWith()) },
  listenerTags: known({}),
  tagged: known([]),
  groups: known([]),
  vpcs: { pri: known(['vpc-1']), sec: known(['vpc-1']) },
  ...over,
});

/** The owner of the load balancer, whose Service shows its address. */
export const owner = (): ClusterBuilder =>
  enabledPrimary().editService({
    hostname,
    annotations: {
      ...enabledAnnotations,
      'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'ip',
    },
  });

/** What differs from a handover to which there is no objection. */
export interface HandingParts {
  readonly old?: ClusterBuilder;
  readonly fresh?: ClusterBuilder;
  readonly facts?: Partial<HandoverFacts>;
  readonly balancer?: Partial<LoadBalancer>;
  readonly group?: Partial<TargetGroup>;
  readonly intent?: Partial<HandoverIntent>;
  readonly targets?: readonly string[];
  readonly more?: Partial<WorldParts>;
}

/** A handover from `pri` to `sec`, as it is observed. Raises what keeps it from being looked at. */
export function handing(parts: HandingParts = {}): HandoverCase {
  const { old = owner(), fresh = joinedSecondary(), facts, balancer, group, intent } = parts;
  const { lost } = intent ?? {};
  const seen = observed({
    clusters: lost ? [fresh] : [old, fresh],
    targets: { 80: parts.targets ?? [...primaryTargets, ...secondaryTargets] },
    group: {
      healthCheck: {
        enabled: true,
        protocol: 'TCP',
        port: 'traffic-port',
        intervalSeconds: 10,
        timeoutSeconds: 10,
        healthyThreshold: 3,
        unhealthyThreshold: 3,
      },
      loadBalancerArns: [arn],
      tags: known({ ...tags, 'service.k8s.aws/resource': 'default/nginx:80' }),
      ...group,
    },
    balancer: {
      arn,
      tags: known(tags),
      addressType: 'ipv4',
      securityGroups: known([]),
      listeners: known([{ port: 80, protocol: 'TCP', targetGroupArns: [arnOf(80)] }]),
      ...balancer,
    },
    ...parts.more,
  });
  const found = handoverCase(
    { ...seen, handover: factsWith(facts) },
    {
      service,
      localService: service,
      old: 'pri',
      new: 'sec',
      lost: false,
      back: false,
      restarted: false,
      ...intent,
    },
  );
  if (!('enrollment' in found)) throw new Error(JSON.stringify(found));
  return found;
}

/** What the checks of a handover find. */
export const found = (parts: HandingParts = {}): Found => runChecks(handoverChecks, handing(parts));

/** One of the two controllers with these flags. */
export const flagged = (
  context: 'pri' | 'sec',
  flags: Readonly<Record<string, string>>,
): Pick<HandoverFacts, 'controllers'> => ({
  controllers: {
    pri: known(processWith()),
    sec: known(processWith()),
    [context]: known(processWith({ flags })),
  },
});
