import { handoverAnnotation, managerOf, parseFlag, settingsPrefix } from './annotations.ts';
import type { Service } from './kubernetes.ts';

/** What the annotations of a Service require of its load balancer, as LBC reads them. */

export const targetTypeAnnotation = `${settingsPrefix}nlb-target-type`;

type Annotated = Pick<Service, 'annotations'>;

const setting = ({ annotations }: Annotated, name: string): string | undefined =>
  annotations[`${settingsPrefix}${name}`];

/** The scheme; undefined: the controller keeps the present one (`pkg/service/model_build_load_balancer.go`). */
export function requiredScheme(service: Annotated): string | undefined {
  const internal = parseFlag(setting(service, 'internal') ?? '');
  const named = internal === undefined ? undefined : internal ? 'internal' : 'internet-facing';
  return setting(service, 'scheme') ?? named;
}

/**
 * The type of the targets; undefined: a flag of the controller decides it. The type `nlb-ip` means `ip`, whatever
 * the other annotation says (`pkg/service/model_build_target_group.go`).
 */
export const requiredTargetType = (service: Annotated): string | undefined =>
  setting(service, 'type') === 'nlb-ip' ? 'ip' : service.annotations[targetTypeAnnotation];

/**
 * Whether LBC has let go of a Service that it manages still: without a class and without the annotations that
 * stand for one, it builds nothing for the Service, and takes away what it made (`pkg/service/service_utils.go`,
 * `model_builder.go`). A class may be that of its controller, whose flag decides it; EKS Auto Mode is not documented.
 * A handover releases a Service on purpose, and releases it again where a pass has put the finalizer back.
 */
export function isLetGo(
  service: Pick<Service, 'finalizers' | 'loadBalancerClass' | 'annotations'>,
): boolean {
  if (managerOf(service) !== 'lbc' || service.loadBalancerClass !== undefined) return false;
  if (service.annotations[handoverAnnotation] !== undefined) return false;
  const type = setting(service, 'type');
  if (type === 'nlb-ip') return false;
  const targetType = service.annotations[targetTypeAnnotation] ?? '';
  return type !== 'external' || !['ip', 'instance'].includes(targetType);
}
