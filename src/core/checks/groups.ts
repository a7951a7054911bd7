import { type Check, check } from '../plan/check.ts';
import { isMadeFor, enrolledArns, joinedBindings, ownBindings } from '../observed/enrollment.ts';
import { type Binding, nameText } from '../model/kubernetes.ts';
import type { TargetGroup } from '../model/aws.ts';
import { carriedBy, handledProtocols, isHandled, protocolText } from '../model/protocols.ts';
import { portOf } from '../model/service-ports.ts';
import type { Observed } from '../observed/observed.ts';
import { showHint } from '../model/nlbmc-hints.ts';
import { listed } from '../model/words.ts';
import { aboutService, type ServiceCase } from './service-case.ts';

/** The bindings that a command is about: those of its own controller, or else those that joined it. */
function bindingsFor({ cluster, service, observed }: ServiceCase): readonly Binding[] {
  const own = ownBindings(cluster, service);
  if (own.length > 0) return own;
  const arns = enrolledArns(observed);
  return joinedBindings(cluster, service).filter(({ targetGroupArn }) =>
    arns.includes(targetGroupArn),
  );
}

/** Ports of the Service, and their target groups, with a protocol that nlbmc does not share. */
function unhandled(subject: ServiceCase): {
  readonly texts: readonly string[];
  readonly all: boolean;
} {
  const { observed, service } = subject;
  const bindings = bindingsFor(subject);
  // A Service that made its load balancer serves all of its ports; another one those that are bound.
  const served = bindings.some((binding) => !isMadeFor(binding, service))
    ? bindings.flatMap(({ servicePort }) => portOf(service, servicePort) ?? [])
    : service.ports;
  const ports = served
    .filter(({ protocol }) => carriedBy(protocol).length === 0)
    .map(({ port, protocol }) => `port ${port} is ${protocol}`);
  const groups = bindings.flatMap((binding) => {
    const group = observed.targetGroups[binding.targetGroupArn];
    const protocol = group?.ok ? group.value.protocol : binding.protocol;
    return protocol === undefined || isHandled(protocol)
      ? []
      : [`the target group of port ${binding.servicePort} uses ${protocolText(protocol)}`];
  });
  return {
    texts: [...ports, ...groups],
    all:
      (served.length > 0 && ports.length === served.length) ||
      (bindings.length > 0 && groups.length === bindings.length),
  };
}

const unsupported = (subject: ServiceCase, texts: readonly string[], end = '') => ({
  message: `${handledProtocols} In Service ${nameText(subject.service)}, ${listed(texts)}.${end}`,
  about: aboutService(subject),
  hints: [showHint({ service: subject.service }, [subject.cluster.context])],
});

/** Nothing of the Service can be shared. */
const noProtocol = check<ServiceCase>('protocol-unsupported', 'blocker', (subject) => {
  const { texts, all } = unhandled(subject);
  return all ? unsupported(subject, texts) : undefined;
});

/** A port that cannot be shared does not hold up the others. */
const someProtocol = check<ServiceCase>('protocol-unsupported', 'caution', (subject) => {
  const { texts, all } = unhandled(subject);
  return all || texts.length === 0
    ? undefined
    : unsupported(subject, texts, ' nlbmc leaves it out.');
});

/** A type as AWS names it; an answer may lack it. */
const typeText = (type: string): string =>
  type === '' ? "not in AWS's answer" : JSON.stringify(type);

/** What is strange about a target group's types; empty: nothing. */
export function strangeTypes(
  { targetType, otherAddressType }: TargetGroup,
  port: number | string,
): readonly string[] {
  const of = `of the target group of port ${port} is`;
  return [
    ...(targetType === 'ip' || targetType === 'instance'
      ? []
      : [`the target type ${of} ${typeText(targetType)}`]),
    ...(otherAddressType === undefined
      ? []
      : [`the address type ${of} ${typeText(otherAddressType)}`]),
  ];
}

/** What is strange about the type of the load balancer; empty: nothing. */
export const strangeBalancer = ({ loadBalancer }: Observed): readonly string[] =>
  loadBalancer.ok && loadBalancer.value.type !== 'network'
    ? [`the type of the load balancer is ${typeText(loadBalancer.value.type)}`]
    : [];

/** What this version handles, in a sentence. */
export const handledTypes =
  'This version of nlbmc handles Network Load Balancers with targets of type ip or instance, and addresses of type ipv4 or ipv6.';

/**
 * Types of the load balancer and the target groups that nlbmc does not handle. AWS may add types:
 * what nlbmc does not know, it neither changes nor calls healthy.
 */
function otherTypes(subject: ServiceCase): {
  readonly texts: readonly string[];
  readonly all: boolean;
} {
  const balancer = strangeBalancer(subject.observed);
  const groups = bindingsFor(subject).map(({ targetGroupArn, servicePort }) => {
    const group = subject.observed.targetGroups[targetGroupArn];
    return group?.ok ? strangeTypes(group.value, servicePort) : [];
  });
  return {
    texts: [...balancer, ...groups.flat()],
    all: balancer.length > 0 || (groups.length > 0 && groups.every((one) => one.length > 0)),
  };
}

const strange = (subject: ServiceCase, texts: readonly string[]) => ({
  message: `${handledTypes} For Service ${nameText(subject.service)}, ${listed(texts)}.`,
  about: aboutService(subject),
  hints: [showHint({ service: subject.service }, [subject.cluster.context])],
});

const noType = check<ServiceCase>('type-unsupported', 'blocker', (subject) => {
  const { texts, all } = otherTypes(subject);
  return all ? strange(subject, texts) : undefined;
});

const someType = check<ServiceCase>('type-unsupported', 'caution', (subject) => {
  const { texts, all } = otherTypes(subject);
  return all || texts.length === 0 ? undefined : strange(subject, texts);
});

/** Bindings without those whose target group has a protocol that nlbmc does not share, as far as it is known. */
export const sharedBindings = (
  { targetGroups }: Observed,
  bindings: readonly Binding[],
): readonly Binding[] =>
  bindings.filter(({ targetGroupArn, protocol }) => {
    const group = targetGroups[targetGroupArn];
    const found = group?.ok ? group.value.protocol : protocol;
    return found === undefined || isHandled(found);
  });

/** What has to be true of the target groups, with any owner. */
export const groupChecks: readonly Check<ServiceCase>[] = [
  noProtocol,
  someProtocol,
  noType,
  someType,
];
