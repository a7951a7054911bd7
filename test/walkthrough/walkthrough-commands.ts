/** One command of the walkthrough, and what it has to print. */
export interface Typed {
  readonly step: string;
  readonly command: string;
  readonly prints: RegExp;
  /** A look that a person takes again until the controller or the load balancer got there. */
  readonly again?: true;
}

const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer';
const CREATED = '-l service.k8s.aws/stack-name=nginx';
const NAMES = `{range .items[*]}{.metadata.name}{end}`;
const ARNS = `{range .items[*]}{.spec.targetGroupARN}{end}`;
// Without --context: it works only while the current context is the primary.
const BINDING = `$(kubectl get targetgroupbinding ${CREATED} -o jsonpath='${NAMES}')`;

const pri = 'kubectl --context pri-eks-clu1';
const sec = 'kubectl --context sec-eks-clu1';

/** The ConfigMap of three or two pods, as `kubectl describe` shows it. */
const described = (name: string, pods: number): RegExp =>
  new RegExp(
    `Name: +aws-lbc-targets-${name}\\n[^]*\\ntargets:\\n-{4}\\n(\\d+\\.\\d+\\.\\d+\\.\\d+:80,?){${pods}}\\n`,
  );

/** Step 6 in scenario 1, step 4 in scenario 2: one paste, since the variables live in the shell. */
function bindSecondary(file: string): string {
  return [
    `targetgrouparn=$(${pri} get targetgroupbinding ${CREATED} -o jsonpath='${ARNS}')`,
    `lb=$(${pri} get svc nginx -o jsonpath='{.status.loadBalancer.ingress[0].hostname}' | sed -n 's/.*\\(k8s-default-nginx-[a-z0-9]*\\).*/\\1/p')`,
    `secgrpid=$(aws ec2 describe-security-groups --group-ids $(aws elbv2 describe-load-balancers --names \${lb} --query 'LoadBalancers[*].SecurityGroups[]' --output text) --query "SecurityGroups[?Description=='[k8s] Shared Backend SecurityGroup for LoadBalancer'].GroupId" --output text)`,
    `sed "s|<securitygroupid>|\${secgrpid}|g; s|<targetgrouparn>|\${targetgrouparn}|g" tgb.yaml > ${file}`,
    `${sec} create -f ${file}`,
  ].join('\n');
}

const targetHealth = `aws elbv2 describe-target-health --target-group-arn $( kubectl get targetgroupbinding ${CREATED} -o jsonpath='${ARNS}') --query 'TargetHealthDescriptions[*].[Target.Id,Target.AvailabilityZone,TargetHealth.State]' --output table`;

/** The table of five targets, all healthy, as the aws CLI draws it. */
const fiveHealthy =
  /^-+\n\| +DescribeTargetHealth +\|\n\+-+\+-+\+-+\+\n(\| +10\.0\.\d+\.\d+ *\| +us-east-1[ab] +\| +healthy +\|\n){5}\+-+\+-+\+-+\+\n$/;

/** The field as `kubectl explain` shows it in a cluster whose controller knows it. */
const explained = /FIELD: multiClusterTargetGroup <boolean>/;

/** Scenario 1: the load balancer is there already. Steps 1 to 8. */
export const existingWorkload: readonly Typed[] = [
  {
    step: '1 primary',
    command: `${pri} explain targetGroupBinding.spec.multiClusterTargetGroup`,
    prints: explained,
  },
  {
    step: '1 secondary',
    command: `${sec} explain targetGroupBinding.spec.multiClusterTargetGroup`,
    prints: explained,
  },
  {
    step: '2',
    command: `${pri} patch service nginx --patch '{"metadata": {"annotations": {"${PREFIX}-multi-cluster-target-group": "true", "${PREFIX}-attributes": "deletion_protection.enabled=true"}}}' --type=merge`,
    prints: /^service\/nginx patched\n$/,
  },
  {
    step: '3',
    command: `${pri} get targetgroupbinding ${CREATED} -o jsonpath='{range .items[*]}{.metadata.name}{"\\t"}{.spec.multiClusterTargetGroup}{"\\n"}{end}'`,
    prints: /^k8s-default-nginx-[0-9a-f]{10}\ttrue\n$/,
    again: true,
  },
  {
    step: '4 get',
    command: `${pri} get cm aws-lbc-targets-${BINDING}`,
    prints: /^NAME +DATA +AGE\naws-lbc-targets-k8s-default-nginx-[0-9a-f]{10} +1 +\d+s\n$/,
    again: true,
  },
  {
    step: '4 describe',
    command: `${pri} describe cm aws-lbc-targets-${BINDING}`,
    prints: described('k8s-default-nginx-[0-9a-f]{10}', 3),
  },
  {
    step: '5 deployment',
    command: `${sec} create -f nginxapp.yaml`,
    prints: /^deployment.apps\/nginx created\n$/,
  },
  {
    step: '5 service',
    command: `${sec} create -f nginx_sec-eks-clu1.yaml`,
    prints: /^service\/nginx created\n$/,
  },
  {
    // Typed without a context, so it shows the primary.
    step: '5 look',
    command: 'kubectl get all',
    prints: /service\/nginx +LoadBalancer [^]*deployment\.apps\/nginx +3\/3 /,
  },
  {
    step: '5 look at the secondary',
    command: `${sec} get all`,
    prints:
      /(pod\/nginx-\w+-\w+ +1\/1 +Running [^\n]*\n){2}\n[^]*service\/nginx +ClusterIP [^]*deployment\.apps\/nginx +2\/2 /,
    again: true,
  },
  {
    step: '6',
    command: bindSecondary('tgb_sec.yaml'),
    prints: /^targetgroupbinding.elbv2.k8s.aws\/nginx created\n$/,
  },
  {
    step: '7 get',
    command: `${sec} get cm aws-lbc-targets-nginx`,
    prints: /^NAME +DATA +AGE\naws-lbc-targets-nginx +1 +\d+s\n$/,
    again: true,
  },
  {
    step: '7 describe',
    command: `${sec} describe cm aws-lbc-targets-nginx`,
    prints: described('nginx', 2),
  },
  { step: '8', command: targetHealth, prints: fiveHealthy, again: true },
];

const SECONDARY_BINDING = `$(${sec} get targetgroupbinding ${CREATED} -o jsonpath='${NAMES}')`;

/** Scenario 2: the Service is shared from the start. The primary's Deployment is there already. */
export const newWorkload: readonly Typed[] = [
  {
    step: '1 service',
    command: `${pri} create -f nginxsvc.yaml`,
    prints: /^service\/nginx created\n$/,
  },
  {
    step: '2 get',
    command: `${pri} get cm aws-lbc-targets-${BINDING}`,
    prints: /^NAME +DATA +AGE\naws-lbc-targets-k8s-default-nginx-[0-9a-f]{10} +1 +\d+s\n$/,
    again: true,
  },
  {
    step: '2 describe',
    command: `${pri} describe cm aws-lbc-targets-${BINDING}`,
    prints: described('k8s-default-nginx-[0-9a-f]{10}', 3),
  },
  {
    step: '3 deployment',
    command: `${sec} create -f nginxapp.yaml`,
    prints: /^deployment.apps\/nginx created\n$/,
  },
  {
    step: '3 service',
    command: `${sec} create -f nginx_sec-eks-clu1.yaml`,
    prints: /^service\/nginx created\n$/,
  },
  {
    step: '4',
    command: bindSecondary('tgb_p2.yaml'),
    prints: /^targetgroupbinding.elbv2.k8s.aws\/nginx created\n$/,
  },
  {
    step: '5 get',
    command: `${sec} get cm aws-lbc-targets-${SECONDARY_BINDING}`,
    prints: /^NAME +DATA +AGE\naws-lbc-targets-nginx +1 +\d+s\n$/,
    again: true,
  },
  {
    step: '5 describe',
    command: `${sec} describe cm aws-lbc-targets-${SECONDARY_BINDING}`,
    prints: described('nginx', 2),
    again: true,
  },
  { step: '6', command: targetHealth, prints: fiveHealthy, again: true },
];

/** What both scenarios end with. */
export const cleanUp: readonly Typed[] = [
  {
    step: 'delete the binding',
    command: `${sec} delete targetgroupbinding nginx`,
    prints: /^targetgroupbinding.elbv2.k8s.aws "nginx" deleted\n$/,
  },
  {
    step: 'delete the secondary’s Service',
    command: `${sec} delete svc nginx`,
    prints: /^service "nginx" deleted\n$/,
  },
  {
    step: 'end the protection',
    command: `${pri} patch service nginx --patch '{"metadata": {"annotations": {"${PREFIX}-attributes": "deletion_protection.enabled=false"}}}' --type=merge`,
    prints: /^service\/nginx patched\n$/,
  },
  {
    step: 'delete the Service',
    command: `${pri} delete svc nginx`,
    prints: /^service "nginx" deleted\n$/,
  },
  {
    step: 'delete the Deployment',
    command: `${pri} delete deployment nginx`,
    prints: /^deployment.apps "nginx" deleted\n$/,
  },
];
