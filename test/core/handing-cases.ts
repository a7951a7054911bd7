import type { Code } from '../../src/core/model/codes.ts';
import { known } from '../../src/core/model/problem.ts';
import { arnOf } from './cluster-builder.ts';
import { flagged, type HandingParts, owner, processWith } from './handing.ts';
import { joinedSecondary, tcpCheck } from './world.ts';

export const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';
const every = 5;
const group = 'us-east-1:123456789012:targetgroup/k8s-default-nginx-99/0123456789ab9999';

/** NEW's Service with these annotations of its own. */
export const fresh = (annotations: Readonly<Record<string, string>>) =>
  joinedSecondary().editService({ annotations });
const ported = (...ports: readonly number[]) =>
  joinedSecondary().editService({
    ports: ports.map((port) => ({ name: `p${port}`, port, targetPort: 80, protocol: 'TCP' })),
  });
export const old = (annotations: Readonly<Record<string, string>>) => {
  const view = owner();
  const { service } = view.view;
  const before = service.ok ? service.value?.annotations : {};
  return view.editService({ annotations: { ...before, ...annotations } });
};
const listener = (over: object) =>
  ({
    balancer: {
      listeners: known([{ port: 80, protocol: 'TCP', targetGroupArns: [arnOf(80)], ...over }]),
    },
  }) as HandingParts;
const tagged = (over: object): HandingParts['facts'] => ({
  tagged: known([
    {
      kind: 'target-group' as const,
      arn: `arn:aws:elasticloadbalancing:${group}`,
      name: 'k8s-default-nginx-99',
      loadBalancerArns: [],
      tags: { 'elbv2.k8s.aws/cluster': 'sec', 'service.k8s.aws/stack': 'default/nginx', ...over },
    },
  ]),
});
export const others = (version: string | undefined, over: object = {}) =>
  ({
    old: owner().controller({ ...(version ? { version } : {}), ...over }),
  }) satisfies HandingParts;

/** What is wrong, the code of the refusal, and the targets that it saves. */
export const refusals: Readonly<Record<string, readonly [Code, HandingParts, number?]>> = {
  'both clusters have one name': [
    'same-cluster-name',
    { fresh: joinedSecondary().controller({ clusterName: 'pri' }) },
  ],
  'a third cluster owns it': [
    'owner-elsewhere',
    {
      balancer: {
        tags: known({
          'elbv2.k8s.aws/cluster': 'third',
          'service.k8s.aws/stack': 'default/nginx',
        }),
      },
    },
  ],
  'another cluster is said to be lost than the one that owns it': [
    'owner-elsewhere',
    {
      intent: { lost: true, old: 'gone' },
      facts: { instances: known([]) },
      targets: ['10.0.1.1:80 unhealthy', '10.0.2.1:80', '10.0.2.2:80'],
    },
  ],
  'both contexts lead to one cluster': [
    'same-cluster',
    { fresh: joinedSecondary().with({ identity: known('uid-pri') }) },
  ],
  'NEW is in another VPC': [
    'vpc-unsupported',
    { facts: { vpcs: { pri: known(['vpc-1']), sec: known(['vpc-2']) } } },
  ],
  'NEW is in another account': [
    'account-unsupported',
    {
      fresh: joinedSecondary().binding({
        name: 'other',
        targetGroupArn: `arn:aws:elasticloadbalancing:us-east-1:999999999999:targetgroup/a/b`,
        stack: { kind: 'service', namespace: 'default', name: 'other' },
      }),
    },
  ],
  'NEW has Auto Mode alone': [
    'auto-mode-unsupported',
    { fresh: joinedSecondary().with({ servedFlavours: ['auto-mode'] }) },
  ],
  'the controller of NEW is paused': [
    'controller-paused',
    {
      facts: {
        controllers: { pri: known(processWith()), sec: known(processWith({ paused: true })) },
      },
    },
  ],
  'NEW has two controllers': [
    'several-controllers',
    {
      fresh: joinedSecondary().with({
        controller: known({
          deployments: ['a', 'b'].map((name) => ({
            namespace: 'kube-system',
            name,
            version: '3.5.0',
            clusterName: 'sec',
            readyReplicas: 1,
          })),
        }),
      }),
    },
  ],
  'NEW’s controller is too old': [
    'controller-too-old',
    { fresh: joinedSecondary().controller({ version: '2.9.2' }) },
  ],
  'NEW’s controller does not run': [
    'controller-missing',
    { fresh: joinedSecondary().controller({ readyReplicas: 0, replicas: 0 }) },
  ],
  'the CRD of NEW drops the flag': [
    'field-stripped',
    { fresh: joinedSecondary().with({ crdMultiCluster: known(false) }) },
  ],
  'OLD’s Service is being deleted': [
    'service-terminating',
    { old: owner().editService({ terminating: true }) },
  ],
  'the annotation does not protect': [
    'deletion-unprotected',
    { old: old({ [`${PREFIX}attributes`]: 'deletion_protection.enabled=false' }) },
    every,
  ],
  'AWS does not protect': [
    'deletion-unprotected',
    { balancer: { attributes: known({ 'deletion_protection.enabled': 'false' }) } },
    every,
  ],
  'the cloud controller manager has a finalizer': [
    'cleanup-finalizer',
    {
      old: owner().editService({
        finalizers: ['service.k8s.aws/resources', 'service.kubernetes.io/load-balancer-cleanup'],
      }),
    },
  ],
  'OLD’s controller deletes what is released in its queue': [
    'release-unsafe',
    others('3.3.0'),
    every,
  ],
  'the first such controller': ['release-unsafe', others('2.13.0'), every],
  'a port less in NEW': ['service-differs', { fresh: ported(81) }, every],
  'a port more in NEW': ['service-differs', { fresh: ported(80, 81) }],
  'UDP in NEW': [
    'service-differs',
    {
      fresh: joinedSecondary().editService({
        ports: [{ name: 'http', port: 80, targetPort: 80, protocol: 'UDP' }],
      }),
    },
    every,
  ],
  'another target type in OLD’s annotation than in AWS': [
    'service-differs',
    { old: old({ [`${PREFIX}nlb-target-type`]: 'instance' }) },
    every,
  ],
  'another scheme': ['service-differs', { old: old({ [`${PREFIX}scheme`]: 'internal' }) }, every],
  'another address type': [
    'service-differs',
    { old: old({ [`${PREFIX}ip-address-type`]: 'dualstack' }) },
  ],
  'another health check': [
    'service-differs',
    { fresh: fresh({ [`${PREFIX}healthcheck-interval`]: '20' }) },
  ],
  'a health check at a port that NEW does not have': [
    'service-differs',
    { old: old({ [`${PREFIX}healthcheck-port`]: 'admin' }) },
  ],
  'other clients': [
    'service-differs',
    { old: owner().editService({ sourceRanges: ['10.0.0.0/8'] }) },
  ],
  'NEW’s Service has a load balancer': [
    'other-load-balancer',
    {
      fresh: joinedSecondary().editService({
        type: 'LoadBalancer',
        finalizers: ['service.k8s.aws/resources'],
        hostname: 'other.elb.us-east-1.amazonaws.com',
      }),
    },
  ],
  'NEW’s Service has the class of another controller': [
    'other-load-balancer',
    {
      fresh: joinedSecondary().editService({
        type: 'LoadBalancer',
        loadBalancerClass: 'example.com/other',
      }),
    },
  ],
  'a target group with NEW’s tags': ['stack-taken', { facts: tagged({}) ?? {} }, every],
  'a security group with NEW’s tags': [
    'stack-taken',
    {
      facts: {
        groups: known([
          {
            id: 'sg-stray',
            name: 'stray',
            description: '',
            ingress: [],
            egress: [],
            tags: { 'elbv2.k8s.aws/cluster': 'sec', 'service.k8s.aws/stack': 'default/nginx' },
          },
        ]),
      },
    },
    every,
  ],
  'NEW finds tags by another API': [
    'feature-gate-unsupported',
    { facts: flagged('sec', { 'feature-gates': 'EnableRGTAPI=true' }) },
  ],
  'OLD finds tags by another API': [
    'feature-gate-unsupported',
    { facts: flagged('pri', { 'feature-gates': 'ALBSingleSubnet=true,EnableRGTAPI=true' }) },
  ],
  'NEW refuses security groups': [
    'feature-gate-unsupported',
    { facts: flagged('sec', { 'feature-gates': 'NLBSecurityGroup=false' }) },
  ],
  'NEW has no controller of Services': [
    'feature-gate-unsupported',
    { facts: flagged('sec', { 'feature-gates': 'EnableServiceController=false' }) },
  ],
  'NEW refuses targets of type ip': [
    'feature-gate-unsupported',
    { facts: flagged('sec', { 'feature-gates': 'EnableIPTargetType=false' }) },
  ],
  'NEW replaces target groups for their health checks': [
    'controller-differs',
    { facts: flagged('sec', { 'feature-gates': 'NLBHealthCheckAdvancedConfig=false' }) },
  ],
  'and the health check has another timeout': [
    'service-differs',
    {
      facts: flagged('sec', { 'feature-gates': 'NLBHealthCheckAdvancedConfig=false' }),
      old: old({ [`${PREFIX}healthcheck-timeout`]: '6' }),
      group: {
        healthCheck: { ...tcpCheck, timeoutSeconds: 6, healthyThreshold: 3, unhealthyThreshold: 3 },
      },
    },
    every,
  ],
  'NEW would take the backend group off': [
    'controller-differs',
    {
      old: old({ [`${PREFIX}security-groups`]: 'sg-own' }),
      facts: flagged('pri', { 'enable-manage-backend-security-group-rules': 'true' }),
    },
    every,
  ],
  'NEW has another TLS policy': [
    'tls-policy-differs',
    {
      ...listener({ protocol: 'TLS', sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' }),
      old: old({ [`${PREFIX}ssl-cert`]: 'arn:cert' }),
    },
  ],
  'NEW has no backend group': [
    'backend-group-off',
    { facts: flagged('sec', { 'enable-backend-security-group': 'false' }) },
  ],
  'a binding is exclusive': [
    'binding-exclusive',
    { fresh: joinedSecondary().editBindings({ multiCluster: false }) },
    3,
  ],
  'a listener splits its traffic': [
    'listener-weighted',
    listener({ targetGroupArns: [arnOf(80), arnOf(81)] }),
  ],
  'an annotation splits it': [
    'listener-weighted',
    { old: old({ 'service.beta.kubernetes.io/actions.TCP-80': '{}' }) },
  ],
  'nodes take connections for their own pods only': [
    'traffic-policy-local',
    {
      old: owner().editService({ externalTrafficPolicy: 'Local' }),
      group: { targetType: 'instance' },
    },
  ],
};

/** What a person is told before the question, and what `--yes` does not answer. */
export const cautions: Readonly<Record<string, readonly [Code, HandingParts, grave?: true]>> = {
  'a tool deploys OLD’s Service': [
    'managed-elsewhere',
    { old: owner().editService({ labels: { 'argocd.argoproj.io/instance': 'web' } }) },
    true,
  ],
  'a tool deploys NEW’s Service': [
    'managed-elsewhere',
    {
      fresh: joinedSecondary().editService({
        labels: { 'kustomize.toolkit.fluxcd.io/name': 'web' },
      }),
    },
    true,
  ],
  'OLD’s Service has a DNS name': [
    'dns-owner',
    { old: old({ 'external-dns.alpha.kubernetes.io/hostname': 'a.example.com' }) },
    true,
  ],
  'external-dns runs in OLD': [
    'dns-owner',
    { old: owner().with({ externalDns: known([{ namespace: 'dns', name: 'external-dns' }]) }) },
    true,
  ],
  'a target that no listed cluster tracks': [
    'target-unclaimed',
    { targets: ['10.0.1.1:80', '10.0.9.9:80'] },
  ],
  'a tag that NEW would not set': [
    'tags-removed',
    { facts: { listenerTags: known({ 'arn:listener': { cost: 'web' } }) } },
  ],
  'one replica': [
    'controller-single',
    {
      facts: {
        controllers: { pri: known(processWith()), sec: known(processWith({ replicas: 1 })) },
      },
    },
  ],
  'another Service of OLD uses its backend group': [
    'backend-group-held',
    {
      old: owner().binding({
        name: 'other',
        targetGroupArn: arnOf(99),
        stack: { kind: 'service', namespace: 'default', name: 'other' },
      }),
      facts: {
        groups: known([
          {
            id: 'sg-back',
            name: 'back',
            description: '',
            ingress: [],
            egress: [],
            tags: { 'elbv2.k8s.aws/cluster': 'pri', 'elbv2.k8s.aws/resource': 'backend-sg' },
          },
        ]),
      },
    },
  ],
};
