import { serviceFinalizer } from '../model/annotations.ts';
import { type Check, check, skipped } from '../plan/check.ts';
import { advice, describeHint, type Hint, kubectlHint, serviceEventsHint } from '../model/hint.ts';
import { accepting, disableHint, showHint } from '../model/nlbmc-hints.ts';
import { enrolledArns, isMadeFor, joinedBindings, ownBindings } from '../observed/enrollment.ts';
import { type Binding, nameText, type ObjectName, type Service } from '../model/kubernetes.ts';
import { portOf } from '../model/service-ports.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { Observed } from '../observed/observed.ts';
import type { About, Problem } from '../model/problem.ts';
import { listed, nearest } from '../model/words.ts';

/** A Service that was read, in its cluster: the requirements on the primary's Service are the same for every command. */
export interface ServiceCase {
  readonly observed: Observed;
  readonly cluster: ClusterView;
  readonly service: Service;
}

/** The Service does not exist: the message lists the most similar names, the hint has a likely typing error. */
export function serviceMissing(
  cluster: ClusterView,
  name: ObjectName,
  retry: (name: string) => Hint,
): Problem {
  const near = nearest(name.name, cluster.serviceNames);
  return {
    code: 'service-missing',
    message: `There is no Service ${nameText(name)} in ${cluster.context}${
      near.length > 0
        ? `; there ${near.length === 1 ? 'is' : 'are'} ${listed(near.map((one) => one.name))}`
        : ''
    }.`,
    // A name that is not similar is no advice: the Service is probably in another namespace or cluster.
    hints: [
      near[0]?.near
        ? retry(near[0].name)
        : kubectlHint({ context: cluster.context }, 'get', 'services', '--all-namespaces'),
    ],
    about: { cluster: cluster.context, service: name },
  };
}

const about = ({ cluster, service: { namespace, name } }: ServiceCase): About => ({
  cluster: cluster.context,
  service: { namespace, name },
});

/**
 * Nothing keeps the Service: what is left is to let it go. Deletion protection, which holds its
 * controller up, is turned off by `disable`, and only while no other cluster needs the load balancer.
 */
const staying = check<ServiceCase>('service-terminating', 'blocker', (subject) => {
  const { observed, cluster, service } = subject;
  if (!service.terminating) return undefined;
  const others = observed.clusters.filter((one) => one !== cluster).map(({ context }) => context);
  return {
    message: `Service ${nameText(service)} in ${cluster.context} is being deleted. This cannot be undone.`,
    about: about(subject),
    hints: [
      accepting(
        disableHint(service, [cluster.context, ...others], { allowDeletion: true }),
        'its load balancer is deleted with it',
      ),
    ],
  };
});

/**
 * Whether the controller makes a load balancer for the Service. Not `type: LoadBalancer`: LBC also
 * serves NodePort, and leaves other classes alone.
 */
export const isServed = (cluster: ClusterView, service: Service): boolean =>
  service.finalizers.includes(serviceFinalizer) || ownBindings(cluster, service).length > 0;

const served = check<ServiceCase>('service-not-lbc', 'blocker', (subject) => {
  const { cluster, service } = subject;
  if (isServed(cluster, service)) return undefined;
  const { type, loadBalancerClass: className } = service;
  return {
    message: `Service ${nameText(service)} in ${cluster.context} (type ${type}${
      className === undefined ? '' : `, class ${className}`
    }) has no load balancer of the AWS Load Balancer Controller, and no TargetGroupBinding is for it.`,
    about: about(subject),
    hints: [
      describeHint(cluster.context, 'service', service),
      advice(
        'To bind the Service to a load balancer that no cluster owns, use join with --load-balancer.',
      ),
    ],
  };
});

const bound = check<ServiceCase>('bindings-missing', 'blocker', (subject) => {
  const { cluster, service } = subject;
  const bindings = ownBindings(cluster, service).filter(({ terminating }) => !terminating);
  if (bindings.length === 0 && !service.finalizers.includes(serviceFinalizer)) {
    return skipped('The Service does not belong to the controller.');
  }
  const without = service.ports.filter(
    ({ port, name }) =>
      !bindings.some(({ servicePort }) => servicePort === port || servicePort === name),
  );
  if (without.length === 0 && service.ports.length > 0) return undefined;
  const ports = listed(without.map(({ port }) => String(port)));
  return {
    message: `The controller of ${cluster.context} has made no TargetGroupBinding yet for port ${ports} of Service ${nameText(service)}.`,
    about: about(subject),
    hints: [serviceEventsHint(cluster.context, service)],
  };
});

/** The bindings that a command is about: those of its own controller, or else those that joined it. */
function bindingsFor({ cluster, service, observed }: ServiceCase): readonly Binding[] {
  const own = ownBindings(cluster, service);
  if (own.length > 0) return own;
  const arns = enrolledArns(observed);
  return joinedBindings(cluster, service).filter(({ targetGroupArn }) =>
    arns.includes(targetGroupArn),
  );
}

const tcp = check<ServiceCase>('protocol-unsupported', 'blocker', (subject) => {
  const { observed, cluster, service } = subject;
  const bindings = bindingsFor(subject);
  // A Service that made its load balancer serves all of its ports; another one those that are bound.
  const served = bindings.some((binding) => !isMadeFor(binding, service))
    ? bindings.flatMap(({ servicePort }) => portOf(service, servicePort) ?? [])
    : service.ports;
  const ports = served
    .filter(({ protocol }) => protocol !== 'TCP')
    .map(({ port, protocol }) => `port ${port} is ${protocol}`);
  const groups = bindings.flatMap((binding) => {
    const group = observed.targetGroups[binding.targetGroupArn];
    const protocol = group?.ok ? group.value.protocol : binding.protocol;
    return protocol === undefined || protocol === 'TCP'
      ? []
      : [`the target group of port ${binding.servicePort} uses ${protocol}`];
  });
  if (ports.length === 0 && groups.length === 0) return undefined;
  return {
    message: `This version of nlbmc handles TCP only. In Service ${nameText(service)}, ${listed([
      ...ports,
      ...groups,
    ])}.`,
    about: about(subject),
    hints: [showHint({ service }, [cluster.context])],
  };
});

/** A type as AWS names it; an answer may lack it. */
const typeText = (type: string): string =>
  type === '' ? "not in AWS's answer" : JSON.stringify(type);

/**
 * What is strange about the types of a load balancer and target groups; undefined: nothing. AWS may
 * add types: what nlbmc does not know, it neither changes nor calls healthy.
 */
export function knownGroupTypes(
  { loadBalancer, targetGroups }: Observed,
  groups: readonly { readonly arn: string; readonly port: number | string }[],
): string | undefined {
  const balancer = loadBalancer.ok ? loadBalancer.value.type : 'network';
  const strange = [
    ...(balancer === 'network' ? [] : [`the type of the load balancer is ${typeText(balancer)}`]),
    ...groups.flatMap(({ arn, port }) => {
      const group = targetGroups[arn];
      if (!group?.ok) return [];
      const { targetType, otherAddressType } = group.value;
      const of = `of the target group of port ${port} is`;
      return [
        ...(targetType === 'ip' || targetType === 'instance'
          ? []
          : [`the target type ${of} ${typeText(targetType)}`]),
        ...(otherAddressType === undefined
          ? []
          : [`the address type ${of} ${typeText(otherAddressType)}`]),
      ];
    }),
  ];
  return strange.length === 0 ? undefined : listed(strange);
}

/** What this version handles, in a sentence. */
export const handledTypes =
  'This version of nlbmc handles Network Load Balancers with targets of type ip or instance, and addresses of type ipv4 or ipv6.';

const knownTypes = check<ServiceCase>('type-unsupported', 'blocker', (subject) => {
  const { observed, cluster, service } = subject;
  const groups = bindingsFor(subject).map(({ targetGroupArn, servicePort }) => ({
    arn: targetGroupArn,
    port: servicePort,
  }));
  const strange = knownGroupTypes(observed, groups);
  if (strange === undefined) return undefined;
  return {
    message: `${handledTypes} For Service ${nameText(service)}, ${strange}.`,
    about: about(subject),
    hints: [showHint({ service }, [cluster.context])],
  };
});

/** What has to be true of the target groups, with any owner. */
export const groupChecks: readonly Check<ServiceCase>[] = [tcp, knownTypes];

/** What has to be true of the primary's Service before a command changes anything. */
export const serviceChecks: readonly Check<ServiceCase>[] = [
  staying,
  served,
  bound,
  tcp,
  knownTypes,
];
