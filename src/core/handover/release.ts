import { handoverAnnotation, managerOf, settingsPrefix } from '../model/annotations.ts';
import { RELEASED, releasedClass } from '../model/handover.ts';
import type { Service } from '../model/kubernetes.ts';
import { valueOf } from '../model/problem.ts';
import { targetTypeAnnotation } from '../model/service-settings.ts';
import type { Goal } from '../plan/goal.ts';
import type { HandoverStep } from '../plan/handover-step.ts';
import type { HandoverCase, Side } from './handover-case.ts';
import { balanced, patchesOf, type ServiceFields, unbalanced } from './service-patch.ts';

/** What adoption puts on a Service so that the load balancer keeps the groups that it has. */
export const groupsAnnotation = `${settingsPrefix}security-groups`;
export const rulesAnnotation = `${settingsPrefix}manage-backend-security-group-rules`;

/** Finalizers of others, which stay. */
const othersOf = ({ finalizers }: Service): readonly string[] =>
  finalizers.filter((one) => managerOf({ finalizers: [one] }) === undefined);

/** The type of the targets as AWS has it: the annotation may be gone by now. */
function targetTypeOf({ observed, enrollment: { arns } }: HandoverCase): string | undefined {
  const [arn = ''] = arns;
  const group = observed.targetGroups[arn];
  return group && valueOf(group)?.targetType;
}

/** OLD keeps the name of the load balancer in its status, and its type, for those who look it up there. */
const keepsFace = ({ intent }: HandoverCase, side: Side): boolean =>
  side.cluster.context === intent.old;

/** A Service without a class is its controller's by annotations alone. */
export const isByAnnotation = ({ loadBalancerClass, type }: Service): boolean =>
  loadBalancerClass === undefined && type === 'LoadBalancer';

/**
 * Takes the Service from its controller. Finalizer, class, type and the annotation of the target type go in
 * one patch: with any of them left, a pass changes or deletes what it made. With type NodePort the node
 * ports stay, which others may use. Then the Service of OLD gets type and status back, with a class that
 * no controller serves. A Service that is released has no steps; one half released goes on.
 */
export function releaseSteps(subject: HandoverCase): readonly HandoverStep[] {
  const { from: side, loadBalancer } = subject;
  const service = side?.found;
  if (!side || !service) return [];
  const managed = managerOf(service) !== undefined;
  const face = keepsFace(subject, side);
  if (!managed && !face) return [];
  const note = { [handoverAnnotation]: RELEASED };
  const rows: ServiceFields[] = [];
  const free = { finalizers: othersOf(service) };
  if (service.loadBalancerClass === releasedClass) {
    // A pass that was under way has put the finalizer back.
    if (managed) rows.push({ ...free, annotations: note });
  } else if (isByAnnotation(service)) {
    if (managed) rows.push({ ...free, annotations: { [targetTypeAnnotation]: null, ...note } });
  } else {
    if (managed) {
      rows.push({
        ...free,
        annotations: {
          [targetTypeAnnotation]: null,
          ...note,
          ...(face ? {} : { [groupsAnnotation]: null, [rulesAnnotation]: null }),
        },
        ...unbalanced(service),
      });
    }
    if (face) {
      const targetType = service.annotations[targetTypeAnnotation] ?? targetTypeOf(subject);
      rows.push({
        ...balanced(service, releasedClass),
        annotations: {
          ...(targetType === undefined ? {} : { [targetTypeAnnotation]: targetType }),
          ...note,
        },
      });
    }
  }
  const { steps, after } = patchesOf(side, 'release', service, rows);
  const name = loadBalancer.dnsName.toLowerCase();
  if (!face || after.hostname?.toLowerCase() === name) return steps;
  const status = { loadBalancer: { ingress: [{ hostname: name }] } };
  return [
    ...steps,
    {
      kind: 'patch-service',
      phase: 'release',
      cluster: side.cluster.context,
      service: side.service,
      uid: service.uid,
      subresource: 'status',
      patch: { status },
      changes: [{ path: 'status.loadBalancer', before: undefined, after: status.loadBalancer }],
    },
  ];
}

/** That no pass of the controller takes the Service back. */
export const releaseGoals = ({ from }: HandoverCase): readonly Goal[] =>
  from ? [{ kind: 'service-released', cluster: from.cluster.context, service: from.service }] : [];
