import type { VerifyIntent } from '../../src/core/model/intent.ts';
import type { AppDeployment } from '../../src/core/model/kubernetes.ts';
import { known } from '../../src/core/model/problem.ts';
import { progressOf } from '../../src/core/progress/progress.ts';
import type { Attempt, TrafficIntent } from '../../src/core/plan/traffic.ts';
import { unwatchedProblem } from '../../src/core/traffic/traffic-checks.ts';
import { trafficPorts } from '../../src/core/traffic/traffic-ports.ts';
import { trafficVerdict } from '../../src/core/traffic/traffic-verdict.ts';
import { withGroupsGone } from '../../src/core/observed/stale-bindings.ts';
import { verdictOf } from '../../src/core/verify/verify.ts';
import {
  arnOf,
  attributesKey,
  deploymentWith,
  endpointsAt,
  service,
  type ClusterBuilder,
} from '../core/cluster-builder.ts';
import {
  enabledAnnotations,
  enabledPrimary,
  hostname,
  joinedSecondary,
  observed,
  primaryTags,
  primaryTargets,
  registered,
  secondary,
  secondaryTargets,
  unreadable,
  type WorldParts,
} from '../core/world.ts';
import { group, pathTo } from '../core/paths.ts';
import type { Situations } from './situations.ts';

const both = [...primaryTargets, ...secondaryTargets];
const intent: VerifyIntent = { service, minHealthy: 1, knownTargets: [], allowUnprotected: false };

const verifying =
  (parts: Partial<WorldParts>, over: Partial<VerifyIntent> = {}) =>
  () =>
    verdictOf(
      withGroupsGone(
        observed({
          clusters: [enabledPrimary(), joinedSecondary()],
          targets: { 80: both },
          ...parts,
        }),
      ),
      { ...intent, ...over },
    ).problems;

const withSecond = (sec: ClusterBuilder, targets: readonly string[] = both) =>
  verifying({ clusters: [enabledPrimary(), sec], targets: { 80: targets } });

/** AWS answers that the group of that port does not exist, under the account of the ARN. */
const gone = (port: number) => ({
  account: known('123456789012'),
  targetGroups: {
    ...observed({ clusters: [], targets: { 80: both } }).targetGroups,
    [arnOf(port)]: unreadable<never>({ code: 'aws-not-found', message: 'AWS does not know it.' }),
  },
});

const last = both.slice(0, -1);

/** A Deployment in the middle of a rollout, behind the Service of the secondary. */
const rolling = (over: Partial<AppDeployment>): Partial<WorldParts> => ({
  clusters: [enabledPrimary(), joinedSecondary().deployments([deploymentWith(over)])],
});

export const whileVerifying: Situations = {
  'a handover that has not come to its end': () =>
    verdictOf(
      observed({
        clusters: [
          enabledPrimary().editService({
            handoverNote: { value: 'tagged pri', at: '2026-11-23T11:00:00Z' },
          }),
          joinedSecondary(),
        ],
        targets: { 80: both },
      }),
      intent,
    ).cautions,
  'a rollout that goes on': verifying(rolling({ observedGeneration: 1 }), { rollout: true }),
  'a rollout that is late': verifying(rolling({ progressing: 'ProgressDeadlineExceeded' }), {
    rollout: true,
  }),
  'a rollout that is paused': verifying(
    rolling({ progressing: 'DeploymentPaused', paused: true }),
    {
      rollout: true,
    },
  ),
  'AWS denies the registration': withSecond(
    joinedSecondary().says({
      about: { kind: 'TargetGroupBinding', namespace: 'default', name: 'nginx' },
      reason: 'FailedReconcile',
      message:
        'Failed reconcile due to RegisterTargets, AccessDenied: arn:aws:sts::1:assumed-role/auto/x',
    }),
    last,
  ),
  'no binding': withSecond(secondary(), primaryTargets),
  'a binding that is being deleted': withSecond(
    joinedSecondary().editBindings({ terminating: true }),
  ),
  'an exclusive binding': withSecond(joinedSecondary().editBindings({ multiCluster: false })),
  'no pods': withSecond(joinedSecondary().endpoints([]).tracks('nginx', ''), primaryTargets),
  'an endpoint that is not tracked': withSecond(joinedSecondary().tracks('nginx', '10.0.2.1:80')),
  'an endpoint that is not registered': withSecond(joinedSecondary(), last),
  'a controller that does not act': withSecond(
    joinedSecondary()
      .endpoints(endpointsAt(['10.0.2.1', '10.0.2.2'], { since: 0 }))
      .editBindings({ changedAt: 0 })
      .tracks('nginx', '10.0.2.1:80'),
    last,
  ),
  'a target in its first checks': withSecond(joinedSecondary(), [
    ...last,
    '10.0.2.2:80 initial Elb.InitialHealthChecking',
  ]),
  'an unhealthy target': withSecond(joinedSecondary(), [
    ...last,
    '10.0.2.2:80 unhealthy Target.FailedHealthChecks',
  ]),
  'a security group that keeps the load balancer out': verifying({
    targets: { 80: [...last, '10.0.2.2:80 unhealthy Target.FailedHealthChecks'] },
    path: pathTo({ '10.0.2.2': [group('sg-node')] }),
  }),
  'a target of nobody': verifying({ targets: { 80: [...both, '10.0.3.9:80'] } }),
  'a target of two': verifying({
    clusters: [
      enabledPrimary().tracks('k8s-default-nginx-1', both.slice(0, 4).join()),
      joinedSecondary(),
    ],
  }),
  'a Service that its controller cannot reconcile': verifying({
    clusters: [enabledPrimary().says({ reason: 'FailedBuildModel' }), joinedSecondary()],
  }),
  'no protection': verifying({ protection: 'false' }),
  'too few healthy targets': verifying({}, { minHealthy: 4 }),
  'an endpoint that went while the controller is down': withSecond(
    joinedSecondary()
      .controller({ readyReplicas: 0 })
      .tracks('nginx', [...secondaryTargets, '10.0.2.9:80'].join()),
    [...both, '10.0.2.9:80'],
  ),
  'rules for another port': withSecond(
    joinedSecondary().editBindings({
      networking: [{ from: [], ports: [{ protocol: 'TCP', port: 81 }] }],
    }),
  ),
  'an attribute that AWS does not have': verifying({
    clusters: [
      enabledPrimary().editService({
        annotations: {
          ...enabledAnnotations,
          [attributesKey]: `${enabledAnnotations[attributesKey]},load_balancing.cross_zone.enabled=x`,
        },
      }),
      joinedSecondary(),
    ],
  }),
  'bindings that only one namespace shows': withSecond(
    joinedSecondary().with({ bindingsScope: 'namespace' }),
  ),
  'a binding to a target group that was replaced': () =>
    verdictOf(
      withGroupsGone({
        ...observed({
          clusters: [
            enabledPrimary(),
            joinedSecondary().binding({ name: 'old', targetGroupArn: arnOf(8080) }),
          ],
          targets: { 80: both },
        }),
        ...gone(8080),
      }),
      intent,
    ).cautions,
  'a load balancer and a target group of types that nobody knows': verifying({
    balancer: { type: 'gateway' },
    group: { targetType: 'lambda', otherAddressType: 'ipv8' },
  }),
  'a load balancer with the tag of another cluster': verifying({
    balancer: {
      tags: known({ 'elbv2.k8s.aws/cluster': 'old', 'service.k8s.aws/stack': 'default/nginx' }),
    },
  }),
  'a load balancer without the tags of the controller': verifying({
    balancer: { tags: known({}) },
  }),
  'a load balancer with the tags of the secondary': verifying({
    balancer: {
      tags: known({ 'elbv2.k8s.aws/cluster': 'sec', 'service.k8s.aws/stack': 'default/nginx' }),
    },
  }),
  'a load balancer whose tags name a Service that was released': verifying({
    clusters: [enabledPrimary().editService({ finalizers: [] }).unlabelled(), joinedSecondary()],
    balancer: { tags: primaryTags },
  }),
  'a Service of the secondary that claims the load balancer, too': verifying({
    clusters: [
      enabledPrimary(),
      joinedSecondary().editService({ finalizers: ['service.k8s.aws/resources'], hostname }),
    ],
    balancer: { tags: primaryTags },
  }),
  'a zone that is shifted away': () => {
    const seen = observed({
      clusters: [enabledPrimary(), joinedSecondary()],
      targets: { 80: both },
      group: {
        targets: known(
          both.map((text) => ({ ...registered(text), zone: 'us-east-1a', shifted: true as const })),
        ),
      },
    });
    const { exit, cautions } = verdictOf(seen, intent);
    expect(exit).toBe(0);
    return cautions;
  },
  'a load balancer that is impaired': verifying({ balancer: { state: 'active_impaired' } }),
  'two bindings that an old controller confuses': withSecond(
    joinedSecondary()
      .controller({ version: '3.4.0' })
      .editBindings({ name: 'a-b' })
      .tracks('a-b', secondaryTargets.join())
      .binding({
        namespace: 'default-a',
        name: 'b',
        multiCluster: true,
        targetGroupArn: arnOf(443),
      }),
  ),
  'a controller that is down': withSecond(joinedSecondary().controller({ readyReplicas: 0 })),
};

/** Half a minute after the flag, nothing is tracked. */
export const whileWaiting: Situations = {
  'a controller with old memory': () => {
    const goal = {
      kind: 'endpoints-tracked',
      cluster: 'pri',
      binding: { namespace: 'default', name: 'k8s-default-nginx-1' },
    } as const;
    const pri = enabledPrimary().tracks('k8s-default-nginx-1', undefined);
    const looks = [0, 31].map((second) =>
      observed({
        clusters: [pri],
        targets: { 80: primaryTargets },
        at: new Date(Date.UTC(2026, 10, 23, 12, 0, second)).toISOString(),
      }),
    );
    const [first, second] = looks;
    if (!first || !second) return [];
    const { progress } = progressOf(goal, second, progressOf(goal, first, {}).memory);
    return progress.problem ? [progress.problem] : [];
  },
};

const crossZone = { attributes: known({ 'load_balancing.cross_zone.enabled': 'true' }) };
const listening = {
  listeners: known([{ port: 80, protocol: 'TCP', targetGroupArns: [arnOf(80)] }]),
};
const answers = (...marks: readonly (string | undefined)[]): Attempt[] =>
  marks.map((mark, id) => ({
    id,
    port: 80,
    startedMs: id,
    connectMs: 1,
    totalMs: 2,
    address: '192.0.2.1',
    result: { kind: 'answered', ...(mark === undefined ? {} : { marks: [mark] }) },
  }));

const connecting =
  (attempts: readonly Attempt[], over: Partial<TrafficIntent> = {}, targets = both) =>
  () =>
    trafficVerdict(
      observed({
        clusters: [enabledPrimary(), joinedSecondary()],
        targets: { 80: targets },
        group: crossZone,
        balancer: listening,
      }),
      {
        maxFailures: 0,
        during: false,
        redirected: false,
        identify: { kind: 'header', name: 'x' },
        ...over,
      },
      {
        ports: [
          {
            port: 80,
            servicePort: 80,
            targetGroupArn: arnOf(80),
            protocol: 'TCP',
            host: 'nlb.example',
          },
        ],
        attempts,
        startedAt: 0,
        problems: [],
      },
    ).problems;

export const whileConnecting: Situations = {
  'a command that outlasts the connections': () => unwatchedProblem('kubectl', 1_500, 10_000),
  'no listener': () =>
    trafficPorts(
      observed({
        clusters: [enabledPrimary(), joinedSecondary()],
        targets: { 80: both },
        balancer: { listeners: known([]) },
      }),
    ).problems,
  'a listener without connections': () =>
    trafficPorts(
      observed({
        clusters: [enabledPrimary(), joinedSecondary()],
        targets: { 80: both },
        balancer: {
          listeners: known([{ port: 80, protocol: 'UDP', targetGroupArns: [arnOf(80)] }]),
        },
      }),
    ).problems,
  'connections that fail': connecting([
    {
      id: 0,
      port: 80,
      startedMs: 0,
      connectMs: 1,
      totalMs: 2,
      address: '192.0.2.1',
      result: { kind: 'failed', failure: 'refused', detail: 'no' },
    },
  ]),
  'a cluster that answers nothing': connecting(answers('pri', 'pri')),
  'a stranger that answers': connecting(answers('pri', 'x')),
  'a share that is off': connecting(answers('pri', 'pri', 'pri', 'pri', 'sec'), { maxSkew: 1 }),
  'nothing healthy': connecting(
    answers('pri', 'sec'),
    {},
    both.map((target) => `${target} unhealthy`),
  ),
};
