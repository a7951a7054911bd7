import { plainService } from '../../../src/sandbox/scenarios/objects.ts';
import type { KubeObject } from '../../../src/sandbox/kube/object.ts';
import {
  APP,
  bindingsOf,
  deploySecondary,
  expectCode,
  joinLine,
  podNames,
  verifyLine,
} from '../enrollment.ts';
import { must } from '../must.ts';
import { mustHaveTakenOut, untilHealthy, untilRegistered } from '../targets.ts';
import type { LabCluster, LabStage, Scenario } from '../stage.ts';

const CLASS = 'nlb';
const GATEWAY = 'shared';
const ROUTE = 'web';
const CONFIGURATION = 'tuning';
const DEFAULTS = 'defaults';
const PROTECTION = 'deletion_protection.enabled';
const PREFIX = 'gateway.k8s.aws.nlb';

const group = 'gateway.networking.k8s.io';
const own = 'gateway.k8s.aws';

const gatewayClass: KubeObject = {
  apiVersion: `${group}/v1`,
  kind: 'GatewayClass',
  metadata: { name: CLASS },
  spec: { controllerName: `${own}/nlb` },
};

const gateway: KubeObject = {
  apiVersion: `${group}/v1`,
  kind: 'Gateway',
  metadata: { name: GATEWAY },
  spec: {
    gatewayClassName: CLASS,
    infrastructure: {
      parametersRef: { group: own, kind: 'LoadBalancerConfiguration', name: CONFIGURATION },
    },
    listeners: [{ name: 'tcp', protocol: 'TCP', port: 80 }],
  },
};

/** The Service answers on 80; the listener on 80 forwards to it. */
const route: KubeObject = {
  apiVersion: `${group}/v1alpha2`,
  kind: 'TCPRoute',
  metadata: { name: ROUTE },
  spec: {
    parentRefs: [{ name: GATEWAY, sectionName: 'tcp' }],
    rules: [{ backendRefs: [{ name: APP, port: 80 }] }],
  },
};

const loadBalancerConfiguration: KubeObject = {
  apiVersion: `${own}/v1beta1`,
  kind: 'LoadBalancerConfiguration',
  metadata: { name: CONFIGURATION },
  spec: {
    scheme: 'internet-facing',
    loadBalancerAttributes: [{ key: PROTECTION, value: 'true' }],
  },
};

/** Settings of the target groups of Service nginx, whichever route leads there. */
const targetGroupConfiguration: KubeObject = {
  apiVersion: `${own}/v1beta1`,
  kind: 'TargetGroupConfiguration',
  metadata: { name: CONFIGURATION },
  spec: {
    targetReference: { name: APP },
    defaultConfiguration: { targetType: 'ip' },
  },
};

/** Selects nothing: it is used where a LoadBalancerConfiguration names it. */
const defaults: KubeObject = {
  apiVersion: `${own}/v1beta1`,
  kind: 'TargetGroupConfiguration',
  metadata: { name: DEFAULTS },
  spec: { defaultConfiguration: { enableMultiCluster: true } },
};

/** Changes the settings, and waits until the generated binding has the flag or not. */
async function tune(
  stage: LabStage,
  cluster: LabCluster,
  spec: object,
  flag: boolean,
): Promise<void> {
  const { namespace } = stage;
  await cluster.kube.patch('targetgroupconfigurations', namespace, CONFIGURATION, { spec });
  await stage.until(`the generated binding has the flag ${flag}`, async () =>
    (await bindingsOf(stage, cluster)).every(
      (binding) => Boolean(binding['spec'].multiClusterTargetGroup) === flag,
    ),
  );
}

const entry = (enableMultiCluster: boolean, identifier: object) => ({
  routeIdentifier: { kind: 'TCPRoute', ...identifier },
  targetGroupProps: { enableMultiCluster },
});

async function makeGateway(stage: LabStage, { kube }: LabCluster): Promise<KubeObject> {
  const { namespace } = stage;
  await kube.create('gatewayclasses', '', gatewayClass);
  await kube.create('loadbalancerconfigurations', namespace, loadBalancerConfiguration);
  await kube.create('targetgroupconfigurations', namespace, targetGroupConfiguration);
  await kube.create('gateways', namespace, gateway);
  await kube.create('tcproutes', namespace, route);
  await stage.until(
    'the Gateway has its load balancer',
    async () => {
      const { status } = await kube.need('gateways', namespace, GATEWAY);
      return status?.addresses?.length > 0;
    },
    600_000,
  );
  await stage.until('its binding is there', async () => {
    const bindings = await kube.list('targetgroupbindings', namespace);
    return bindings.length === 1;
  });
  const [binding] = await kube.list('targetgroupbindings', namespace);
  if (!binding) throw new Error('the binding went');
  return binding;
}

/** Tags of something in AWS, as a record. */
function tagsOf({ aws }: LabStage, arn: string): Record<string, string> {
  const { TagDescriptions } = aws.call('elbv2.DescribeTags', { ResourceArns: [arn] }, 'scenario');
  const tags: { Key: string; Value: string }[] = TagDescriptions[0].Tags;
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

function mustBeTracked(
  stage: LabStage,
  cluster: LabCluster,
  arn: string,
  resource: string,
  what: string,
): void {
  const tags = tagsOf(stage, arn);
  const wanted = {
    'elbv2.k8s.aws/cluster': cluster.context,
    [`${PREFIX}/stack`]: `${stage.namespace}/${GATEWAY}`,
    [`${PREFIX}/resource`]: resource,
  };
  for (const [key, value] of Object.entries(wanted)) {
    must(tags[key] === value, `${what} has the tag ${key}=${value} (it has ${tags[key]})`);
  }
  must(
    !Object.keys(tags).some((key) => key.startsWith('service.k8s.aws/')),
    `${what} has no tag of a Service`,
  );
}

/** What LBC 3 makes for a Gateway, and which setting lets another cluster in. */
export const gatewayOwner: Scenario = {
  name: 'gateway',
  title: 'a Gateway owns the NLB, and a second cluster has a binding on its target group',
  clusters: 2,
  place: 'apart',
  gateways: true,
  async play(stage) {
    const { namespace } = stage;
    const [primary, secondary] = stage.clusters;
    await primary.addPods(podNames(primary, 3));
    await primary.kube.create('services', namespace, plainService('ClusterIP'));
    await deploySecondary(stage, secondary);
    const binding = await makeGateway(stage, primary);
    const spec = binding['spec'];
    const arn: string = spec.targetGroupARN;

    const { labels = {}, name } = binding.metadata;
    must(labels[`${PREFIX}/stack-namespace`] === namespace, 'the binding names the namespace');
    must(labels[`${PREFIX}/stack-name`] === GATEWAY, 'the binding names the Gateway');
    must(!labels['service.k8s.aws/stack-name'], 'the binding names no Service as its owner');
    must(/^k8s-gateway-web-[0-9a-f]{10}$/.test(name), `${name} is made of the route's name`);
    must(spec.serviceRef.name === APP && spec.serviceRef.port === 80, 'the port is a number');
    must(spec.targetType === 'ip', 'the target type is that of the TargetGroupConfiguration');
    must(!spec.multiClusterTargetGroup, 'without a setting the binding is exclusive');

    const { TargetGroups } = stage.aws.call(
      'elbv2.DescribeTargetGroups',
      { TargetGroupArns: [arn] },
      'scenario',
    );
    const loadBalancer: string = TargetGroups[0].LoadBalancerArns[0];
    must(TargetGroups[0].TargetGroupName === name, 'the binding is called as its group');
    const routed = `${namespace}/${GATEWAY}:${namespace}-${ROUTE}:TCPRoute-${namespace}-${APP}:80`;
    mustBeTracked(stage, primary, arn, routed, 'the target group');
    mustBeTracked(stage, primary, loadBalancer, 'LoadBalancer', 'the load balancer');
    const { Attributes } = stage.aws.call(
      'elbv2.DescribeLoadBalancerAttributes',
      { LoadBalancerArn: loadBalancer },
      'scenario',
    );
    must(
      (Attributes as { Key: string; Value: string }[]).some(
        ({ Key, Value }) => Key === PROTECTION && Value === 'true',
      ),
      'the LoadBalancerConfiguration protects the load balancer',
    );
    const targets = ['pri-1:80', 'pri-2:80', 'pri-3:80'];
    await untilRegistered(stage, arn, targets);

    // nlbmc says what to write, and does not write it.
    await untilHealthy(stage, arn);
    const asked = await expectCode(stage, `enable ${APP} --context ${primary.context}`, 5);
    must(asked.stdout.includes('enableMultiCluster'), 'enable names the field');
    const early = await expectCode(stage, joinLine(stage, secondary), 5);
    must(early.stdout.includes('primary-not-enabled'), 'join waits for the flag');

    // Which of the settings counts (pkg/gateway/tg_config_constructor.go).
    await tune(stage, primary, { defaultConfiguration: { enableMultiCluster: true } }, true);
    const exact = { namespace, name: ROUTE };
    await tune(stage, primary, { routeConfigurations: [entry(false, exact)] }, false);
    await tune(stage, primary, { routeConfigurations: [entry(false, { name: 'other' })] }, true);
    const kindOnly = entry(false, {});
    await tune(stage, primary, { routeConfigurations: [kindOnly] }, false);
    const longer = [kindOnly, entry(true, { namespace })];
    await tune(stage, primary, { routeConfigurations: longer }, true);
    // The Gateway's own defaults come last (pkg/gateway/routeutils/backend_service.go).
    const unset = { routeConfigurations: null, defaultConfiguration: { enableMultiCluster: null } };
    await tune(stage, primary, unset, false);
    await primary.kube.create('targetgroupconfigurations', namespace, defaults);
    const named = { defaultTargetGroupConfiguration: { name: DEFAULTS } };
    const place = ['loadbalancerconfigurations', namespace, CONFIGURATION] as const;
    await primary.kube.patch(...place, { spec: named });
    await tune(stage, primary, {}, true);
    await tune(stage, primary, { defaultConfiguration: { enableMultiCluster: false } }, false);
    await tune(stage, primary, { defaultConfiguration: { enableMultiCluster: true } }, true);

    await expectCode(stage, joinLine(stage, secondary), 0);
    await untilRegistered(stage, arn, [...targets, 'sec-1:80', 'sec-2:80']);
    for (const cluster of stage.clusters) await mustHaveTakenOut(stage, cluster, arn, []);
    await untilHealthy(stage, arn);
    await expectCode(stage, verifyLine(stage), 0);

    // A Gateway whose configuration protects the load balancer cannot go.
    await primary.kube.delete('gateways', namespace, GATEWAY);
    await stage.until('the controller says why the Gateway stays', async () =>
      (await primary.kube.list('events', namespace)).some(
        (event) =>
          event['reason'] === 'FailedBuildModel' &&
          event['involvedObject'].kind === 'Gateway' &&
          /deletion protection is enabled/.test(String(event['message'])),
      ),
    );
    await untilRegistered(stage, arn, [...targets, 'sec-1:80', 'sec-2:80']);
  },
};
