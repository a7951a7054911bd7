import { count, listed } from '../model/words.ts';
import { type Check, skippedUnread, type Wrong } from '../plan/check.ts';
import {
  adoptedService,
  forbidsGroups,
  managesRules,
  namesOwnGroups,
  wantedPolicy,
} from './adopted-service.ts';
import { listenersOf } from './agreement-checks.ts';
import { registeredOn, saving } from './at-stake.ts';
import {
  editController,
  type Gate,
  isGateOn,
  isSwitchedOn,
  processOf,
} from './controller-flags.ts';
import type { HandoverCase } from './handover-case.ts';
import { aboutSide, eachSideCheck, needed, sideCheck } from './side-check.ts';

/** A gate that has to be on or off, and what happens otherwise. */
interface Rule {
  readonly gate: Gate;
  readonly on: boolean;
  readonly why: string;
  /** Only of the cluster that takes the load balancer. */
  readonly taker?: true;
  readonly applies?: (subject: HandoverCase) => boolean;
}

const hasGroups = ({ loadBalancer }: HandoverCase): boolean =>
  loadBalancer.securityGroupIds.length > 0;

const hasAddresses = ({ observed, enrollment }: HandoverCase): boolean =>
  enrollment.arns.some((arn) => {
    const group = observed.targetGroups[arn];
    return group?.ok && group.value.targetType === 'ip';
  });

const rules: readonly Rule[] = [
  {
    gate: 'EnableRGTAPI',
    on: false,
    // pkg/deploy/elbv2/tagging_manager.go, ListLoadBalancers
    why: 'the controller finds load balancers by the Resource Groups Tagging API, which may show tags later than nlbmc reads them',
  },
  {
    gate: 'EnableServiceController',
    on: true,
    why: 'the controller does not look after Services at all',
    taker: true,
  },
  {
    gate: 'NLBSecurityGroup',
    on: true,
    // pkg/service/model_build_load_balancer.go, buildLoadBalancerSecurityGroups
    why: 'the controller refuses a load balancer that has security groups',
    taker: true,
    applies: hasGroups,
  },
  {
    gate: 'EnableIPTargetType',
    on: true,
    why: 'the controller refuses targets of type ip',
    taker: true,
    applies: hasAddresses,
  },
];

const gatesFit = eachSideCheck('feature-gate-unsupported', 'blocker', (side, subject) => {
  const controller = processOf(subject, side);
  if (!controller.ok) return skippedUnread(controller.problem);
  return rules
    .filter(({ taker, applies }) => (!taker || side === subject.to) && (applies?.(subject) ?? true))
    .filter(({ gate, on }) => isGateOn(controller.value, gate) !== on)
    .map(({ gate, on, why }) => ({
      message: `The controller of ${side.cluster.context} has the feature gate ${gate}=${String(!on)}: ${why}. A handover requires ${gate}=${String(on)}.`,
      about: aboutSide(side),
      hints: [editController(side)],
    }));
});

/**
 * Without this gate, a controller replaces a target group whose health check is another one
 * (`target_group_synthesizer.go`, isSDKTargetGroupRequiresReplacementDueToNLBHealthCheck).
 */
const advanced: Gate = 'NLBHealthCheckAdvancedConfig';

/** Settings of the two controllers that make something different of the same annotations. */
const sameFlags = sideCheck('to', 'controller-differs', 'blocker', (to, subject) => {
  const { from } = subject;
  const controller = processOf(subject, to);
  if (!controller.ok) return skippedUnread(controller.problem);
  const service = adoptedService(subject, to);
  const other = from && processOf(subject, from);
  const about = aboutSide(to);
  const hints = [editController(to)];
  const wrong: Wrong[] = [];
  const before = other?.ok ? isGateOn(other.value, advanced) : true;
  if (before !== isGateOn(controller.value, advanced)) {
    wrong.push({
      message: `The feature gate ${advanced} is ${String(before)} ${from ? `in ${from.cluster.context}` : 'by default'} and ${String(!before)} in ${to.cluster.context}: the controller there replaces target groups for a health check that differs, or does not any more.`,
      about,
      hints,
    });
  }
  const rulesFlag = 'enable-manage-backend-security-group-rules';
  const decides = service && namesOwnGroups(service) && managesRules(service) === undefined;
  if (
    decides &&
    other?.ok &&
    isSwitchedOn(other.value, rulesFlag) &&
    !isSwitchedOn(controller.value, rulesFlag)
  ) {
    wrong.push({
      message: `The controller of ${to.cluster.context} does not have --${rulesFlag}, and the controller before it has: it would take the backend security group off the load balancer, and no target would be reachable.`,
      about,
      hints,
      ...saving(registeredOn(subject)),
    });
  }
  return wrong;
});

/** A controller sets its default on every TLS listener without an annotation (`model_build_listener.go`). */
const samePolicy = sideCheck('to', 'tls-policy-differs', 'blocker', (to, subject) => {
  const controller = processOf(subject, to);
  const listeners = listenersOf(subject);
  const service = adoptedService(subject, to);
  if (!controller.ok) return skippedUnread(controller.problem);
  if (!listeners.ok) return needed(listeners.problem);
  if (!service) return undefined;
  const wanted = wantedPolicy(service, controller.value);
  const others = listeners.value.filter(
    ({ sslPolicy }) => sslPolicy !== undefined && sslPolicy !== wanted,
  );
  if (others.length === 0) return undefined;
  const now = [...new Set(others.map(({ sslPolicy }) => sslPolicy ?? ''))];
  return {
    message: `The controller of ${to.cluster.context} would set the TLS policy ${wanted} on ${count(others.length, 'listener')} (${listed(others.map(({ port }) => String(port)))}), instead of ${listed(now)}: no annotation names one, and its --default-ssl-policy is another one. Clients may not be able to connect then.`,
    about: aboutSide(to),
    hints: [editController(to)],
  };
});

/** Without its backend group, a controller cannot add its own beside the one that lets OLD's targets in. */
const backendGroup = sideCheck('to', 'backend-group-off', 'blocker', (to, subject) => {
  if (!hasGroups(subject)) return undefined;
  const controller = processOf(subject, to);
  if (!controller.ok) return skippedUnread(controller.problem);
  const service = adoptedService(subject, to);
  if (service && forbidsGroups(service)) {
    return {
      message: `${to.cluster.context} would refuse load balancer ${subject.loadBalancer.name}: the annotation aws-load-balancer-disable-nlb-sg is true, and the load balancer has security groups.`,
      about: aboutSide(to),
      hints: [editController(to)],
    };
  }
  if (isSwitchedOn(controller.value, 'enable-backend-security-group')) return undefined;
  return {
    message: `The controller of ${to.cluster.context} runs with --enable-backend-security-group=false: it has no security group of its own for the targets, so it cannot keep those of load balancer ${subject.loadBalancer.name} and manage their rules.`,
    about: aboutSide(to),
    hints: [editController(to)],
  };
});

/** Whether the controllers make the same of the same Service. */
export const flagChecks = {
  gatesFit,
  sameFlags,
  samePolicy,
  backendGroup,
} satisfies Record<string, Check<HandoverCase>>;
