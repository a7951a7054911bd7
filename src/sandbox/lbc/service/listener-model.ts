import type { ServiceAnnotations } from './annotations.ts';
import type { TargetGroupModel } from './target-group-model.ts';

/** A listener to be made; every one forwards to one target group. */
export interface ListenerModel {
  readonly port: number;
  /** Resource id of its target group. */
  readonly resourceId: string;
  /** Only what is named here is ever set. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** A TCP listener per Service port (pkg/service/model_build_listener.go). Raises AnnotationError. */
export function buildListeners(
  notes: ServiceAnnotations,
  targetGroups: readonly TargetGroupModel[],
): ListenerModel[] {
  return targetGroups.map(({ resourceId, servicePort }) => ({
    port: servicePort,
    resourceId,
    attributes: notes.map(`aws-load-balancer-listener-attributes.TCP-${servicePort}`) ?? new Map(),
  }));
}
