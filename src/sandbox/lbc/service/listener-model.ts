import type { ResolvedFlags } from '../process/flags.ts';
import type { ServiceAnnotations } from './annotations.ts';
import type { Attributes, Protocol } from './model-terms.ts';
import type { ServedPort } from './served-ports.ts';
import type { TargetGroupModel } from './target-group-model.ts';
import { buildTls } from './tls-model.ts';
import type { TlsModel } from './tls-model.ts';

/** A listener to be made; every one forwards to one target group. */
export interface ListenerModel {
  readonly port: number;
  readonly protocol: Protocol;
  /** Resource id of its target group. */
  readonly resourceId: string;
  /** Only for TLS. */
  readonly tls?: TlsModel | undefined;
  /** Only what is named here is ever set. */
  readonly attributes: Attributes;
}

/**
 * The listener of a served port (pkg/service/model_build_listener.go, buildListenerSpec). Raises
 * BuildError, AnnotationError.
 */
export function buildListener(
  notes: ServiceAnnotations,
  { port: { port }, protocol }: ServedPort,
  { resourceId }: TargetGroupModel,
  flags: Pick<ResolvedFlags, 'defaultSslPolicy'>,
): ListenerModel {
  return {
    port,
    protocol,
    resourceId,
    tls: protocol === 'TLS' ? buildTls(notes, flags) : undefined,
    attributes: notes.map(`aws-load-balancer-listener-attributes.${protocol}-${port}`) ?? new Map(),
  };
}
