import type { noteManager, Phase } from '../model/handover.ts';
import type { Service } from '../model/kubernetes.ts';
import type { FieldChange, HandoverStep } from '../plan/handover-step.ts';
import type { Side } from './handover-case.ts';

type PatchService = Extract<HandoverStep, { kind: 'patch-service' }>;

/** Fields of a Service that a patch sets; null takes one away, absent leaves it. */
export interface ServiceFields {
  readonly finalizers?: readonly string[];
  readonly annotations?: Readonly<Record<string, string | null>>;
  readonly type?: string;
  readonly loadBalancerClass?: string | null;
  readonly allocateLoadBalancerNodePorts?: false;
}

/** Of no load balancer: with node ports where it has some, which others may use. */
export const unbalanced = ({ allocatesNodePorts }: Service): ServiceFields => ({
  type: allocatesNodePorts ? 'NodePort' : 'ClusterIP',
  loadBalancerClass: null,
});

/** Of type LoadBalancer with this class, without node ports where it has none. */
export const balanced = (
  { allocatesNodePorts }: Service,
  loadBalancerClass: string,
): ServiceFields => ({
  type: 'LoadBalancer',
  loadBalancerClass,
  ...(allocatesNodePorts ? {} : { allocateLoadBalancerNodePorts: false }),
});

const shown = <T>(value: T | null | undefined): T | undefined => value ?? undefined;

/** The fields as they change, without those that stay as they are. */
function changesOf(before: Service, fields: ServiceFields): readonly FieldChange[] {
  const { finalizers, annotations = {}, type, loadBalancerClass } = fields;
  const all: readonly FieldChange[] = [
    ...(finalizers
      ? [{ path: 'metadata.finalizers', before: before.finalizers, after: finalizers }]
      : []),
    ...(type === undefined ? [] : [{ path: 'spec.type', before: before.type, after: type }]),
    ...(loadBalancerClass === undefined
      ? []
      : [
          {
            path: 'spec.loadBalancerClass',
            before: before.loadBalancerClass,
            after: shown(loadBalancerClass),
          },
        ]),
    ...Object.entries(annotations).map(([key, value]) => ({
      path: key,
      before: before.annotations[key],
      after: shown(value),
    })),
  ];
  return all.filter((one) => JSON.stringify(one.before) !== JSON.stringify(one.after));
}

/**
 * The step that sets these fields; undefined where all are so. `before` is the Service as it will be
 * when the step is made; with `planned`, it is as it was read, and a change since then refuses the step.
 */
export function patchService(
  { cluster, service }: Side,
  phase: Phase,
  before: Service,
  fields: ServiceFields,
  o: { readonly planned: boolean; readonly manager?: typeof noteManager },
): PatchService | undefined {
  const changes = changesOf(before, fields);
  if (changes.length === 0) return undefined;
  const { finalizers, annotations, ...spec } = fields;
  return {
    kind: 'patch-service',
    phase,
    cluster: cluster.context,
    service,
    uid: before.uid,
    ...(o.planned ? { resourceVersion: before.resourceVersion } : {}),
    ...(o.manager === undefined ? {} : { manager: o.manager }),
    patch: {
      ...(finalizers || annotations
        ? {
            metadata: {
              ...(finalizers ? { finalizers: finalizers.length > 0 ? finalizers : null } : {}),
              ...(annotations ? { annotations } : {}),
            },
          }
        : {}),
      ...(Object.keys(spec).length > 0 ? { spec } : {}),
    },
    changes,
  };
}

/** The Service as it will be when these fields are set. */
export function withFields(before: Service, fields: ServiceFields): Service {
  const { finalizers = before.finalizers, annotations = {}, type = before.type } = fields;
  const { loadBalancerClass: classBefore, hostname, ...rest } = before;
  const after = fields.loadBalancerClass === undefined ? classBefore : fields.loadBalancerClass;
  // The API server clears the status when the type changes (kubernetes, pkg/registry/core/service/strategy.go).
  const shows = type === before.type ? hostname : undefined;
  return {
    ...rest,
    finalizers,
    type,
    annotations: Object.fromEntries(
      Object.entries({ ...before.annotations, ...annotations }).flatMap(([key, value]) =>
        value === null ? [] : [[key, value]],
      ),
    ),
    ...(after === undefined || after === null ? {} : { loadBalancerClass: after }),
    ...(shows === undefined ? {} : { hostname: shows }),
  };
}

/** Steps that follow one another on one Service: the first one is refused where somebody else was faster. */
export function patchesOf(
  side: Side,
  phase: Phase,
  service: Service,
  rows: readonly ServiceFields[],
): { readonly steps: readonly PatchService[]; readonly after: Service } {
  let before = service;
  const steps: PatchService[] = [];
  for (const fields of rows) {
    const step = patchService(side, phase, before, fields, { planned: steps.length === 0 });
    if (step) steps.push(step);
    before = withFields(before, fields);
  }
  return { steps, after: before };
}
