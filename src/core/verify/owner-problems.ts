import {
  asksForSharing,
  attributesAnnotation,
  multiClusterAnnotation,
  parseFlag,
} from '../model/annotations.ts';
import { attributeItems, protectionAttribute, protectsDeletion } from '../model/attributes.ts';
import { attributeReader } from '../observed/attribute-reader.ts';
import { annotationChecks } from '../checks/annotations.ts';
import { runChecks } from '../plan/check.ts';
import { serviceChecks } from '../checks/service.ts';
import { attributeHint, type Hint, kubectlHint, serviceEventsHint } from '../model/hint.ts';
import { enableHint } from '../model/nlbmc-hints.ts';
import type { LoadBalancer } from '../model/aws.ts';
import { clusterNames } from '../model/cluster-name.ts';
import { ownBindings } from '../observed/enrollment.ts';
import { nameText } from '../model/kubernetes.ts';
import type { Service } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { registeredIn, unreadOf } from '../observed/member.ts';
import { replacingSettings } from './replacing-settings.ts';
import { revertedService } from './reverted.ts';
import { clusterTag } from '../observed/owner-tags.ts';
import { isGroupGone } from '../observed/stale-bindings.ts';
import type { Observed } from '../observed/observed.ts';
import { type Problem, valueOf } from '../model/problem.ts';
import { count, listed } from '../model/words.ts';

/** The flag of the Service, which its bindings follow at the next reconcile. */
function flagProblems(
  { at }: Observed,
  primary: ClusterView,
  service: Service,
): readonly Problem[] {
  const { namespace, name, annotations } = service;
  const about = { cluster: primary.context, service: { namespace, name } };
  const where = `Service ${nameText(service)} in ${primary.context}`;
  const hints = [enableHint({ namespace, name }, primary.context)];
  const value = annotations[multiClusterAnnotation];
  if (asksForSharing(annotations)) return [];
  if (value !== undefined && parseFlag(value) === undefined) {
    return [
      {
        code: 'flag-malformed',
        message: `The multi-cluster annotation of ${where} is ${JSON.stringify(value)}, which the controller cannot parse: it no longer reconciles the Service.`,
        hints,
        about,
      },
    ];
  }
  // Of an exclusive binding the row says it already, with the number of targets at stake.
  if (ownBindings(primary, service).some(({ multiCluster }) => !multiCluster)) return [];
  const reverted = revertedService(service, primary.context, at);
  return [
    {
      code: 'primary-not-enabled',
      message: `${where} no longer requires multi-cluster: at the next reconcile its bindings become exclusive, and the controller deregisters the targets of every other cluster.${reverted.text}`,
      hints: [...reverted.hints, ...hints],
      about,
      ...(reverted.setBack ? { setBack: reverted.setBack } : {}),
    },
  ];
}

/** Attributes that the Service requires and AWS does not have: AWS refused one, or no controller applied it. */
function attributeProblems(
  { loadBalancer }: Observed,
  primary: ClusterView,
  service: Service,
): readonly Problem[] {
  const items = attributeItems(service.annotations[attributesAnnotation], attributeReader(primary));
  const inAws = loadBalancer.ok ? valueOf(loadBalancer.value.attributes) : undefined;
  if ('kind' in items || !inAws) return [];
  const wanted = new Map(items.map(({ key, value }) => [key, value]));
  const open = [...wanted].filter(
    ([key, value]) =>
      key !== protectionAttribute && inAws[key]?.toLowerCase() !== value.toLowerCase(),
  );
  if (open.length === 0) return [];
  const { namespace, name } = service;
  return [
    {
      code: 'attributes-not-applied',
      message: `Service ${nameText(service)} in ${primary.context} requires ${listed(open.map(([key, value]) => `${key}=${value}`))}, which the load balancer does not have: until AWS accepts ${open.length === 1 ? 'this attribute' : 'these attributes'}, the controller applies no other change of the Service either.`,
      hints: [serviceEventsHint(primary.context, { namespace, name })],
      about: { cluster: primary.context, service: { namespace, name } },
    },
  ];
}

/** What is required of the primary's Service, by the same checks that enable and join make. */
export function ownerProblems(observed: Observed, primary: ClusterView): readonly Problem[] {
  const service = valueOf(primary.service);
  if (!service) return [];
  const subject = { observed, cluster: primary, service };
  const found = runChecks(serviceChecks, subject);
  return [
    // Each port without a binding has a problem of its own.
    ...found.blockers.filter(({ code }) => code !== 'bindings-missing'),
    // A port that nlbmc cannot judge holds up no other, and is not green.
    ...found.cautions,
    ...runChecks(annotationChecks, { ...subject, after: {} }).blockers,
    ...flagProblems(observed, primary, service),
    ...replacingSettings(observed, primary, service),
    ...attributeProblems(observed, primary, service),
  ];
}

/** Whether AWS says that no load balancer forwards to any of the target groups. */
export const isUnattached = ({ targetGroups }: Observed, arns: readonly string[]): boolean =>
  arns.length > 0 &&
  arns.every((arn) => {
    const group = targetGroups[arn];
    if (isGroupGone({ targetGroups }, arn)) return true;
    return group?.ok === true && group.value.loadBalancerArns.length === 0;
  });

/** A controller with another name than the tags have does not find its load balancer any more. */
function tagProblems({ name, arn, tags }: LoadBalancer, primary: ClusterView): readonly Problem[] {
  const tagged = tags?.ok ? tags.value[clusterTag] : undefined;
  const names = clusterNames(primary);
  if (tagged === undefined || names.length === 0 || names.includes(tagged)) return [];
  const [deployment] = primary.controller.ok ? primary.controller.value.deployments : [];
  return [
    {
      code: 'cluster-name-differs',
      message: `Load balancer ${name} has the tag ${clusterTag}=${tagged}, and the controller of ${primary.context} runs with --cluster-name=${listed(names)}. The controller does not find this load balancer, and creates another one at its next reconcile.`,
      about: { cluster: primary.context, targetGroup: arn },
      hints: [
        kubectlHint(
          {
            context: primary.context,
            ...(deployment ? { namespace: deployment.namespace } : {}),
          },
          'edit',
          `deployment/${deployment?.name ?? 'aws-load-balancer-controller'}`,
        ),
      ],
    },
  ];
}

/** What AWS says of the load balancer itself, and whether its tags are the primary's controller's. */
export function balancerProblems(
  observed: Observed,
  primary: ClusterView | undefined,
): readonly Problem[] {
  const balancer = valueOf(observed.loadBalancer);
  if (!balancer) return [];
  return [...stateProblems(balancer, primary), ...(primary ? tagProblems(balancer, primary) : [])];
}

function stateProblems(
  { name, arn, state }: LoadBalancer,
  primary: ClusterView | undefined,
): readonly Problem[] {
  const look: Hint = {
    kind: 'tool',
    argv: ['aws', 'elbv2', 'describe-load-balancers', '--names', name],
  };
  const about = primary ? { cluster: primary.context } : {};
  if (state === 'active') return [];
  if (state === 'provisioning') {
    return [
      {
        code: 'target-converging',
        message: `Load balancer ${name} is being provisioned.`,
        hints: [look],
        about,
      },
    ];
  }
  // AWS may add states: an unknown state does not count as good.
  const effect =
    state === 'failed'
      ? 'AWS cannot run it'
      : state === 'active_impaired'
        ? 'AWS cannot scale or serve it as it should'
        : 'nlbmc does not know this state';
  return [
    {
      code: 'load-balancer-impaired',
      message:
        state === ''
          ? `AWS does not say in which state load balancer ${name} is.`
          : `Load balancer ${name} is ${state}: ${effect}.`,
      hints: [look],
      about: { ...about, targetGroup: arn },
    },
  ];
}

/**
 * Zones that are shifted away: AWS sends nothing there, for as long as the shift lasts. It is no
 * fault, since AWS itself shifts for practice every week; leave counts such targets as absent.
 */
export const shiftedZones = (observed: Observed, arns: readonly string[]): readonly Problem[] => {
  const shifted = arns.flatMap((arn) =>
    (valueOf(registeredIn(observed, arn)) ?? []).filter((found) => found.shifted),
  );
  if (shifted.length === 0) return [];
  const zones = [...new Set(shifted.flatMap(({ zone }) => zone ?? []))].toSorted();
  return [
    {
      code: 'zone-shifted',
      message: `A zonal shift is active${zones.length > 0 ? ` for ${listed(zones)}` : ''}: ${count(shifted.length, 'target')} there ${shifted.length === 1 ? 'gets' : 'get'} no new connections.`,
      about: { targetGroup: arns[0] ?? '' },
      hints: [{ kind: 'tool', argv: ['aws', 'arc-zonal-shift', 'list-zonal-shifts'] }],
    },
  ];
};

/** AWS's attribute and the controller's guard: with the first alone LBC takes protection off itself. */
export function protectionProblems(observed: Observed, primary: ClusterView): readonly Problem[] {
  const { loadBalancer, service } = observed;
  const hint = enableHint(service, primary.context);
  if (!loadBalancer.ok) return unreadOf([loadBalancer]);
  if (!loadBalancer.value.attributes.ok) return unreadOf([loadBalancer.value.attributes]);
  if (!primary.service.ok) return unreadOf([primary.service], primary.context);
  const about = { cluster: primary.context, service };
  const guarded = protectsDeletion(
    primary.service.value?.annotations[attributesAnnotation],
    attributeReader(primary),
  );
  const { name, arn } = loadBalancer.value;
  if (loadBalancer.value.attributes.value[protectionAttribute] !== 'true') {
    return [
      {
        code: 'deletion-unprotected',
        message: guarded
          ? `Deletion protection of ${name} is off in AWS, but the annotation of Service ${nameText(service)} requires it: the controller turns it on at its next reconcile of the Service, which may be hours away.`
          : `Deletion protection of ${name} is off.`,
        hints: [guarded ? attributeHint(arn, protectionAttribute, 'true') : hint],
        about,
      },
    ];
  }
  if (guarded) return [];
  return [
    {
      code: 'deletion-unprotected',
      message: `Deletion protection of ${name} is on in AWS only. The attributes annotation of Service ${nameText(service)} does not require it, so the controller turns protection off when the Service is deleted.`,
      hints: [hint],
      about,
    },
  ];
}
