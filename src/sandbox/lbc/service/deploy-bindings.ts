import { sameJson } from '../../kube/object.ts';
import type { KubeObject } from '../../kube/object.ts';
import { patchBetween } from '../../kube/patch/merge.ts';
import { StatusError } from '../../kube/status-error.ts';
import type { ControllerApi } from '../process/controller-api.ts';
import type { NetworkingRule } from './networking-block.ts';
import type { ServiceModel } from './service-model.ts';
import type { ModelContext, SecurityGroupRef } from './model-terms.ts';
import type { TargetGroupModel } from './target-group-model.ts';
import { stackLabels } from './tracking.ts';
import { atLeast } from '../process/version.ts';

const POLL_MS = 200;
const PATIENCE_MS = 60_000;

/** What bindings refer to and only a deployment knows. */
export interface BindingRefs {
  readonly targetGroupArns: ReadonlyMap<string, string>;
  groupId(ref: SecurityGroupRef): string;
}

/**
 * pkg/deploy/elbv2/target_group_binding_synthesizer.go and …_manager.go: bindings of the stack are
 * matched by target group ARN, whatever their name; of several on one group only the last is seen.
 * Spec, labels and annotations (but the checkpoint's) are overwritten, then the controller waits up to
 * 60 s until the change was observed. Gives back the bindings that are not wanted; yields milliseconds
 * to wait.
 */
export function* deployBindings(
  api: ControllerApi,
  service: KubeObject,
  context: ModelContext,
  model: ServiceModel | undefined,
  refs: BindingRefs,
): Generator<number, readonly KubeObject[]> {
  const { namespace = '', name } = service.metadata;
  const labels = stackLabels(api.names, namespace, name);
  const present = new Map(
    api
      .list(api.names.bindings)
      .filter((binding) =>
        Object.entries(labels).every(([key, value]) => binding.metadata.labels?.[key] === value),
      )
      .map((binding) => [binding['spec'].targetGroupARN as string, binding]),
  );
  const updates: { readonly found: KubeObject; readonly spec: object }[] = [];
  for (const wanted of model?.targetGroups ?? []) {
    const spec = bindingSpec(service, context, wanted, refs);
    const arn = spec['targetGroupARN'] as string;
    const found = present.get(arn);
    if (found) {
      present.delete(arn);
      updates.push({ found, spec });
      continue;
    }
    api.create(api.names.bindings, {
      apiVersion: api.names.apiVersion,
      kind: 'TargetGroupBinding',
      metadata: { name: wanted.name, namespace, labels },
      spec,
    });
  }
  for (const { found, spec } of updates) yield* update(api, found, spec, labels);
  return [...present.values()];
}

/** Deletes a binding and waits up to 60 s until its finalizer is gone; yields milliseconds. */
export function* deleteBinding(api: ControllerApi, binding: KubeObject): Generator<number, void> {
  const { namespace = '', name } = binding.metadata;
  try {
    api.delete(api.names.bindings, namespace, name);
  } catch (error) {
    if (error instanceof StatusError && error.status.reason === 'NotFound') return;
    throw error;
  }
  for (let waited = 0; api.get(api.names.bindings, namespace, name); waited += POLL_MS) {
    if (waited >= PATIENCE_MS) {
      throw new Error(
        'failed to wait targetGroupBinding deletion: timed out waiting for the condition',
      );
    }
    yield POLL_MS;
  }
}

/** pkg/service/model_build_target_group.go, buildTargetGroupBindingSpec; fields by version. */
export function bindingSpec(
  service: KubeObject,
  { version, vpcId }: ModelContext,
  wanted: TargetGroupModel,
  refs: BindingRefs,
): Record<string, unknown> {
  const { networking, nodeSelector, multiCluster } = wanted.binding;
  return {
    targetGroupARN: refs.targetGroupArns.get(wanted.resourceId)!,
    targetType: wanted.targetType,
    serviceRef: { name: service.metadata.name, port: wanted.servicePort },
    ...(networking && { networking: { ingress: networking.map((rule) => ingress(rule, refs)) } }),
    ...(nodeSelector && { nodeSelector }),
    ipAddressType: wanted.ipAddressType,
    ...(atLeast(version, '2.8.0') && { vpcID: vpcId }),
    ...(atLeast(version, '2.10.0') && multiCluster && { multiClusterTargetGroup: true }),
    ...(atLeast(version, '2.14.0') && { targetGroupProtocol: wanted.protocol }),
  };
}

function ingress(rule: NetworkingRule, refs: BindingRefs): object {
  return {
    from: rule.from.map((peer) =>
      peer.kind === 'group'
        ? { securityGroup: { groupID: refs.groupId(peer.group) } }
        : { ipBlock: { cidr: peer.cidr } },
    ),
    // Go's nil slice: the definition refuses it (upstream's issue 4181).
    ports: rule.ports.length > 0 ? rule.ports : null,
  };
}

function* update(
  api: ControllerApi,
  found: KubeObject,
  spec: object,
  labels: Record<string, string>,
): Generator<number, void> {
  const { namespace = '', name } = found.metadata;
  const annotations = Object.fromEntries(
    Object.entries(found.metadata.annotations ?? {}).filter(
      ([key]) => key === api.names.checkpoint || key === api.names.checkpointTimestamp,
    ),
  );
  const before = {
    metadata: {
      labels: found.metadata.labels ?? {},
      annotations: found.metadata.annotations ?? {},
    },
    spec: found['spec'],
  };
  const after = { metadata: { labels, annotations }, spec };
  if (sameJson(before, after)) return;
  const patch = patchBetween(before, after) as object;
  const { generation } = api.patch(api.names.bindings, namespace, name, patch).metadata;
  for (let waited = 0; ; waited += POLL_MS) {
    const now = api.get(api.names.bindings, namespace, name);
    if (!now) throw new Error(`${api.names.bindings} "${name}" not found`);
    if ((now['status']?.observedGeneration ?? 0) >= (generation ?? 0)) return;
    if (waited >= PATIENCE_MS) throw new Error('timed out waiting for the condition');
    yield POLL_MS;
  }
}
