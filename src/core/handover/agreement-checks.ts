import type { HealthCheck, Listener, TargetGroup } from '../model/aws.ts';
import type { ControllerProcess } from '../model/handover.ts';
import { editServiceHint } from '../model/hint.ts';
import type { Service } from '../model/kubernetes.ts';
import { unknown, type Reading } from '../model/problem.ts';
import { requiredScheme } from '../model/service-settings.ts';
import { count, listed } from '../model/words.ts';
import { readingOf } from '../observed/member.ts';
import { type Check, skippedUnread, type Wrong } from '../plan/check.ts';
import {
  adoptedService,
  type WantedPort,
  wantedAddressType,
  wantedPorts,
} from './adopted-service.ts';
import { registeredOn, saving } from './at-stake.ts';
import { processOf } from './controller-flags.ts';
import type { HandoverCase, Side } from './handover-case.ts';
import { aboutSide, needed, sideCheck, sideText } from './side-check.ts';

/** What would be another one: what it is now, and what the controller of the taker would make. */
type Difference = readonly [what: string, now: unknown, wanted: unknown];

const differing = (all: readonly Difference[]): readonly string[] =>
  all
    .filter(([, now, wanted]) => now !== wanted)
    .map(([what, now, wanted]) => `${what}: ${String(now ?? 'none')} now, ${String(wanted)} then`);

/** Listeners of the load balancer, by the fact that they are needed. */
export const listenersOf = ({ loadBalancer }: HandoverCase): Reading<readonly Listener[]> =>
  loadBalancer.listeners ??
  unknown({
    code: 'answer-malformed',
    message: `The listeners of load balancer ${loadBalancer.name} have not been read.`,
  });

/**
 * What the controller of the taker replaces: a load balancer of another scheme
 * (`load_balancer_synthesizer.go`, isSDKLoadBalancerRequiresReplacement), or target group of another target
 * type or protocol (`target_group_synthesizer.go`, isSDKTargetGroupRequiresReplacement).
 */
const groupDifferences = (group: TargetGroup, wanted: WantedPort): readonly string[] =>
  differing([
    ['target type', group.targetType, wanted.targetType],
    ['protocol of the target group', group.protocol, wanted.groupProtocol],
    ['addresses', group.ipFamily, wanted.ipFamily],
  ]);

/**
 * What differs of the health check. Without a feature gate, the controller replaces a target group for it
 * (isSDKTargetGroupRequiresReplacementDueToNLBHealthCheck); else it changes it, for every cluster.
 */
function checkDifferences(
  { healthCheck }: TargetGroup,
  { healthCheck: wanted, fixed }: WantedPort,
): { readonly replacing: readonly string[]; readonly changing: readonly string[] } {
  if (!wanted) return { replacing: [], changing: ['health check: its port cannot be told'] };
  const of = (isFixed: boolean): readonly string[] =>
    differing(
      Object.entries(wanted)
        .filter(([key]) => fixed.some((one) => one === key) === isFixed)
        .map(([key, value]) => [
          `health check, ${key}`,
          healthCheck[key as keyof HealthCheck],
          value,
        ]),
    );
  return { replacing: of(true), changing: of(false) };
}

/** What differs for one listener, and whether it costs the targets of its target group. */
function portWrong(
  subject: HandoverCase,
  to: Side,
  listener: Listener,
  wanted: WantedPort | undefined,
): Wrong | undefined {
  const { targetGroupArns: arns, port, protocol } = listener;
  const targets = registeredOn(subject, arns);
  const { name } = subject.loadBalancer;
  const stake = targets.length === 0 ? '' : ` ${count(targets.length, 'target')} there.`;
  const about = { ...aboutSide(to), port };
  const hints = [editServiceHint(to.cluster.context, to.service)];
  if (!wanted) {
    return {
      message: `${sideText(to)} does not have port ${port} of load balancer ${name}: its controller would delete the listener and its target group, for every cluster.${stake}`,
      about,
      hints,
      ...saving(targets),
    };
  }
  const [arn = ''] = arns;
  const group = readingOf(subject.observed.targetGroups, arn, `Target group ${arn}`);
  if (!group.ok) return needed(group.problem);
  const { replacing, changing } = checkDifferences(group.value, wanted);
  const replaced = [...groupDifferences(group.value, wanted), ...replacing];
  const changed = [
    ...differing([['protocol of the listener', protocol, wanted.protocol]]),
    ...changing,
  ];
  if (replaced.length + changed.length === 0) return undefined;
  return {
    message:
      replaced.length > 0
        ? `For port ${port}, the controller of ${to.cluster.context} would replace the target group: ${sideText(to)} requires another one.${stake}`
        : `For port ${port}, the controller of ${to.cluster.context} would change load balancer ${name} for every cluster: ${sideText(to)} requires other settings.`,
    about,
    hints,
    details: [...replaced, ...changed],
    ...(replaced.length > 0 ? saving(targets) : {}),
  };
}

const sorted = ({ sourceRanges = [] }: Service): string => sourceRanges.toSorted().join();

/** What differs of the load balancer as a whole. */
function wholeWrong(subject: HandoverCase, to: Side, service: Service): readonly Wrong[] {
  const { loadBalancer, from } = subject;
  const { name, scheme, addressType } = loadBalancer;
  const wanted = requiredScheme(service) ?? scheme;
  const replaced = differing([['scheme', scheme, wanted]]);
  const ranges = from?.found && sorted(from.found) !== sorted(service);
  const changed = [
    ...(addressType === undefined
      ? []
      : differing([['addresses', addressType, wantedAddressType(service)]])),
    ...(ranges ? differing([['clients', sorted(from.found), sorted(service)]]) : []),
  ];
  if (replaced.length + changed.length === 0) return [];
  return [
    {
      message: `The controller of ${to.cluster.context} would ${replaced.length > 0 ? 'replace' : 'change'} load balancer ${name}: ${sideText(to)} requires another one.`,
      about: aboutSide(to),
      hints: [editServiceHint(to.cluster.context, to.service)],
      details: [...replaced, ...changed],
      ...(replaced.length > 0 ? saving(registeredOn(subject)) : {}),
    },
  ];
}

function added(
  { loadBalancer }: HandoverCase,
  to: Side,
  listeners: readonly Listener[],
  wanted: readonly WantedPort[],
): readonly Wrong[] {
  const more = wanted.filter(({ port }) => listeners.every((one) => one.port !== port));
  if (more.length === 0) return [];
  return [
    {
      message: `${sideText(to)} has port ${listed(more.map(({ port }) => String(port)))}, which load balancer ${loadBalancer.name} does not: its controller would add a listener and a target group, with the targets of ${to.cluster.context} alone.`,
      about: { ...aboutSide(to), port: more[0]?.port ?? 0 },
      hints: [editServiceHint(to.cluster.context, to.service)],
    },
  ];
}

function differences(
  subject: HandoverCase,
  to: Side,
  service: Service,
  controller: ControllerProcess,
): readonly Wrong[] {
  const listeners = listenersOf(subject);
  if (!listeners.ok) return [needed(listeners.problem)];
  const wanted = wantedPorts(service, controller);
  return [
    ...wholeWrong(subject, to, service),
    ...listeners.value.flatMap(
      (one) =>
        portWrong(
          subject,
          to,
          one,
          wanted.find(({ port }) => port === one.port),
        ) ?? [],
    ),
    ...added(subject, to, listeners.value, wanted),
  ];
}

/** Whether the taker's Service, with the annotations of the giver's, makes the load balancer that is there. */
export const sameBalancer: Check<HandoverCase> = sideCheck(
  'to',
  'service-differs',
  'blocker',
  (to, subject) => {
    const service = adoptedService(subject, to);
    const controller = processOf(subject, to);
    if (!controller.ok) return skippedUnread(controller.problem);
    return service && differences(subject, to, service, controller.value);
  },
);
