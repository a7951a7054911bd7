import type { HandoverStep } from '../../src/core/plan/handover-step.ts';
import type { Plan, Step } from '../../src/core/plan/plan.ts';
import { undoOf } from '../../src/core/plan/undo.ts';
import { hintText } from '../../src/output/hint-text.ts';
import { planLines } from '../../src/output/plan-lines.ts';
import { shortPlan, stepDone } from '../../src/output/short-steps.ts';
import { plainStyle } from '../../src/output/style.ts';
import { arnOf, service } from '../core/cluster-builder.ts';

const CLUSTER = 'elbv2.k8s.aws/cluster';
const binding = { ...service, name: 'nginx-80', flavour: 'lbc' } as const;
const balancer =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/k8s-default-nginx-1/0123456789abcdef';

const release: HandoverStep = {
  kind: 'patch-service',
  phase: 'release',
  cluster: 'old',
  service,
  uid: 'u',
  patch: {},
  changes: [
    { path: 'metadata.finalizers', before: ['service.k8s.aws/resources'], after: [] },
    { path: 'spec.type', before: 'LoadBalancer', after: 'NodePort' },
    { path: 'spec.loadBalancerClass', before: 'service.k8s.aws/nlb', after: undefined },
    {
      path: 'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type',
      before: 'ip',
      after: undefined,
    },
  ],
};
const status: HandoverStep = {
  ...release,
  subresource: 'status' as const,
  changes: [{ path: 'status.loadBalancer', before: undefined, after: { ingress: [] } }],
};
const retag: HandoverStep = {
  kind: 'write-tags',
  phase: 'retag',
  region: 'us-east-1',
  of: 'load-balancing',
  resources: [arnOf(80), balancer],
  names: ['target group g80', 'load balancer k8s-default-nginx-1'],
  set: { [CLUSTER]: 'new' },
  remove: [],
  before: { [CLUSTER]: 'old' },
};
const frontend: HandoverStep = {
  ...retag,
  of: 'security-group',
  resources: ['sg-1'],
  names: ['security group sg-1'],
  set: {},
  remove: [CLUSTER],
};
const restart: HandoverStep = {
  kind: 'restart-controller',
  phase: 'restart',
  cluster: 'new',
  deployment: { namespace: 'kube-system', name: 'lbc' },
  at: '2026-01-01T00:00:00Z',
};
const placeholder: HandoverStep = {
  kind: 'create-placeholder',
  phase: 'adopt',
  region: 'us-east-1',
  name: 'k8s-default-nginx-0123456789',
  protocol: 'UDP',
  port: 80,
  targetType: 'ip',
  vpcId: 'vpc-1',
};
const rules = [{ from: [{ securityGroup: { groupID: 'sg-1' } }], ports: [{ port: 80 }] }];
const label: Extract<HandoverStep, { kind: 'patch-binding' }> = {
  kind: 'patch-binding',
  phase: 'adopt',
  cluster: 'new',
  binding,
  uid: 'u',
  patch: {},
  changes: [
    {
      path: 'metadata.labels.service.k8s.aws/stack-name',
      before: undefined,
      after: 'nginx',
    },
    { path: 'spec.networking.ingress', before: rules, after: [] },
  ],
};
const cleanup: HandoverStep = {
  kind: 'delete-target-group',
  phase: 'finish',
  arn: arnOf(80),
  name: 'k8s-default-nginx-0123456789',
};
const released: Step = {
  kind: 'wait',
  phase: 'release',
  replans: true,
  goals: [{ kind: 'service-released', cluster: 'old', service }],
};
const settled: Step = {
  kind: 'wait',
  phase: 'retag',
  goals: [{ kind: 'tags-settled', tags: { a: {}, b: {} } }],
};

const plan: Plan = {
  steps: [
    release,
    status,
    released,
    retag,
    frontend,
    settled,
    restart,
    placeholder,
    label,
    cleanup,
  ],
  documents: [],
  rehearsals: [],
  goals: [],
  blockers: [],
  cautions: [],
  settling: [],
  skips: [],
};

test('a plan tells each phase once, what changes, and which right it takes', () => {
  expect(planLines(plan, plainStyle({}))).toEqual([
    'Plan: 8 changes',
    '  Phase release: no controller manages the Service of the present owner any more',
    '  1. change Service default/nginx in old',
    '     metadata.finalizers',
    '       before: ["service.k8s.aws/resources"]',
    '       after:  []',
    '     spec.type',
    '       before: LoadBalancer',
    '       after:  NodePort',
    '     spec.loadBalancerClass',
    '       before: service.k8s.aws/nlb',
    '       after:  (absent)',
    '     service.beta.kubernetes.io/aws-load-balancer-nlb-target-type',
    '       before: ip',
    '       after:  (absent)',
    '     needs: patch services in default of old',
    '  2. change the status of Service default/nginx in old',
    '     status.loadBalancer',
    '       before: (absent)',
    '       after:  {"ingress":[]}',
    '     needs: patch services/status in default of old',
    '  3. wait until',
    '     no controller manages Service default/nginx in old any more',
    '  Phase retag: the tags in AWS name the new owner',
    '  4. change the tags of 2 resources',
    '     target group g80',
    '     load balancer k8s-default-nginx-1',
    `     ${CLUSTER}`,
    '       before: old',
    '       after:  new',
    '     needs: elasticloadbalancing:AddTags',
    '  5. change the tags of security group sg-1',
    `     ${CLUSTER}`,
    '       before: old',
    '       after:  (absent)',
    '     needs: ec2:DeleteTags',
    '  6. wait until',
    '     AWS gives the new tags of 2 resources three times in a row, over 30s',
    '  Phase restart: controllers start again and forget the tags that they have read',
    '  7. restart Deployment kube-system/lbc in new',
    '     needs: patch deployments.apps in kube-system of new',
    '  Phase adopt: the controller of the new owner takes the load balancer on',
    '  8. create target group k8s-default-nginx-0123456789 without targets',
    '     UDP 80  ip targets  vpc-1',
    '     needs: elasticloadbalancing:CreateTargetGroup',
    '  9. change TargetGroupBinding default/nginx-80 in new',
    '     metadata.labels.service.k8s.aws/stack-name',
    '       before: (absent)',
    '       after:  nginx',
    '     spec.networking.ingress',
    '       before: [{"from":[{"securityGroup":{"groupID":"sg-1"}}],"ports":[{"port":80}]}]',
    '       after:  []',
    '     needs: patch targetgroupbindings.elbv2.k8s.aws in default of new',
    '  Phase finish: what only the handover needed is removed',
    '  10. delete target group k8s-default-nginx-0123456789',
    '      needs: elasticloadbalancing:DeleteTargetGroup',
  ]);
});

test('what a replace does before and after the handover tells its right, too; without one it does not', () => {
  const document = {
    apiVersion: 'elbv2.k8s.aws/v1beta1',
    kind: 'TargetGroupBinding',
    metadata: { namespace: 'shop', name: 'web' },
  };
  const joining: Step[] = [
    { kind: 'create-service', cluster: 'new', document: { ...document, kind: 'Service' } },
    { kind: 'apply-binding', cluster: 'new', document, force: false, changes: [] },
  ];
  const undo = { kind: 'advice', text: '' } as const;
  const leaving: Step[] = [
    {
      kind: 'delete-binding',
      cluster: 'old',
      binding,
      uid: 'u',
      targetGroupArn: arnOf(80),
      tracked: [],
      undo,
    },
    { kind: 'deregister-targets', cluster: 'old', targetGroupArn: arnOf(80), targets: [] },
    { kind: 'delete-service', cluster: 'old', service, uid: 'u' },
  ];
  const needs = (steps: readonly Step[]): readonly string[] =>
    planLines({ ...plan, steps }, plainStyle({}))
      .filter((line) => line.includes('needs: '))
      .map((line) => line.trim().replace('needs: ', ''));
  expect(needs([...joining, restart, ...leaving])).toEqual([
    'create services in shop of new',
    'patch targetgroupbindings.elbv2.k8s.aws in shop of new',
    'patch deployments.apps in kube-system of new',
    'delete targetgroupbindings.elbv2.k8s.aws in default of old',
    'elasticloadbalancing:DeregisterTargets',
    'delete services in default of old',
  ]);
  expect(needs([...joining, ...leaving])).toEqual([]);
});

test('in short: only what changes, in one line each', () => {
  const style = { ...plainStyle({}), screen: { verbose: false } };
  expect(shortPlan({ ...plan, steps: [release, released, retag, label] }, style)).toEqual([
    '  Phase release: no controller manages the Service of the present owner any more',
    '  1. change Service default/nginx in old',
    '    finalizers         ["service.k8s.aws/resources"] -> []',
    '    type               LoadBalancer -> NodePort',
    '    loadBalancerClass  service.k8s.aws/nlb -> -',
    '    nlb-target-type    ip -> -',
    '    needs: patch services in default of old',
    '  2. wait until',
    '    • no controller manages Service default/nginx in old any more',
    '  Phase retag: the tags in AWS name the new owner',
    '  3. change the tags of 2 resources',
    '    target group g80, load balancer k8s-default-nginx-1',
    `    tag ${CLUSTER}  old -> new`,
    '    needs: elasticloadbalancing:AddTags',
    '  Phase adopt: the controller of the new owner takes the load balancer on',
    '  4. change TargetGroupBinding default/nginx-80 in new',
    '    labels.service.k8s.aws/stack-name  - -> nginx',
    '    networking.ingress                 sg-1 to TCP 80 -> -',
    '    needs: patch targetgroupbindings.elbv2.k8s.aws in default of new',
  ]);
});

test.each<[HandoverStep, string, string]>([
  [
    release,
    'changed Service default/nginx in old',
    `kubectl --context old -n default patch service nginx --type=merge -p '{"spec":{"type":"LoadBalancer","loadBalancerClass":"service.k8s.aws/nlb"},"metadata":{"annotations":{"service.beta.kubernetes.io/aws-load-balancer-nlb-target-type":"ip"}}}'`,
  ],
  [
    { ...release, changes: release.changes.slice(0, 1) },
    'changed Service default/nginx in old',
    'This cannot be undone by hand: the controller puts its finalizer back itself.',
  ],
  [
    status,
    'changed the status of Service default/nginx in old',
    `kubectl --context old -n default patch service nginx --subresource=status --type=merge -p '{"status":{"loadBalancer":null}}'`,
  ],
  [
    label,
    'changed TargetGroupBinding default/nginx-80 in new',
    `kubectl --context new -n default patch targetgroupbinding.elbv2.k8s.aws nginx-80 --type=merge -p '{"metadata":{"labels":{"service.k8s.aws/stack-name":null}},"spec":{"networking":{"ingress":[{"from":[{"securityGroup":{"groupID":"sg-1"}}],"ports":[{"port":80}]}]}}}'`,
  ],
  [
    retag,
    'changed the tags of 2 resources',
    `aws elbv2 add-tags --resource-arns ${arnOf(80)} ${balancer} --tags Key=${CLUSTER},Value=old --region us-east-1`,
  ],
  [
    { ...retag, before: {} },
    'changed the tags of 2 resources',
    `aws elbv2 remove-tags --resource-arns ${arnOf(80)} ${balancer} --tag-keys ${CLUSTER} --region us-east-1`,
  ],
  [
    { ...retag, set: { [CLUSTER]: 'new', more: 'x' } },
    'changed the tags of 2 resources',
    `aws elbv2 add-tags --resource-arns ${arnOf(80)} ${balancer} --tags Key=${CLUSTER},Value=old --region us-east-1   # and remove more`,
  ],
  [
    frontend,
    'changed the tags of security group sg-1',
    `aws ec2 create-tags --resources sg-1 --tags Key=${CLUSTER},Value=old --region us-east-1`,
  ],
  [
    { ...frontend, set: { [CLUSTER]: 'new' }, remove: [], before: {} },
    'changed the tags of security group sg-1',
    `aws ec2 delete-tags --resources sg-1 --tags Key=${CLUSTER} --region us-east-1`,
  ],
  [
    restart,
    'restarted Deployment kube-system/lbc in new',
    'There is nothing to undo: the pods of the controller are new.',
  ],
  [
    placeholder,
    'created target group k8s-default-nginx-0123456789 without targets',
    'Delete target group k8s-default-nginx-0123456789: it has no tags, no targets and no listener.',
  ],
  [
    cleanup,
    'deleted target group k8s-default-nginx-0123456789',
    'There is nothing to undo: target group k8s-default-nginx-0123456789 served nothing.',
  ],
])('step %#: what was done, and what takes it back', (step, done, undo) => {
  expect(stepDone(step)).toBe(done);
  expect(hintText(undoOf(step), {}).text).toBe(undo);
});

test('what is planned later comes after the phases, and is counted apart', () => {
  const { patch: _, uid: _uid, ...told } = { ...label, phase: 'finish' as const };
  const leave: Step = { kind: 'delete-tracked', cluster: 'old', binding };
  const lines = planLines(
    { ...plan, steps: [release, leave], later: [told, settled] },
    plainStyle({}),
  );
  expect(lines[0]).toBe('Plan: 2 changes, 1 more when these have taken effect');
  const at = (text: string): number => lines.findIndex((line) => line.includes(text));
  const places = [
    '1. change Service',
    'Phase finish',
    '1 more change, planned again when the steps above have taken effect:',
    '+ change TargetGroupBinding default/nginx-80 in new',
    'needs: patch targetgroupbindings',
    '+ wait until',
    '2. delete the ConfigMap',
  ].map(at);
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});
