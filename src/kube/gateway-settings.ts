import type { GatewaySettings } from '../core/model/gateway.ts';
import type { ObjectName } from '../core/model/kubernetes.ts';
import { known, type Reading } from '../core/model/problem.ts';
import type { KubeClient } from './client.ts';
import { type Json, objectAt, textAt } from './json.ts';
import { readList } from './list.ts';

const group = 'gateway.k8s.aws';

/**
 * Whether a TargetGroupConfiguration selects that Service: by `targetReference`, whose kind is Service
 * where it says none (`pkg/gateway/routeutils/backend.go`, LookUpTargetGroupConfiguration).
 */
function selects(object: Json, service: ObjectName): boolean {
  const reference = objectAt(object, 'spec', 'targetReference');
  return (
    (textAt(reference, 'kind') ?? 'Service') === 'Service' &&
    textAt(reference, 'name') === service.name
  );
}

/** The TargetGroupConfigurations that select a Service, in the version that the API server prefers. */
export async function readGatewaySettings(
  kube: KubeClient,
  service: ObjectName,
): Promise<Reading<GatewaySettings>> {
  const resource = 'targetgroupconfigurations';
  const discovered = await kube.read({
    subject: { verb: 'get', resource, group },
    path: `/apis/${group}`,
  });
  if (!discovered.ok) return discovered;
  const apiVersion =
    textAt(objectAt(discovered.value, 'preferredVersion'), 'groupVersion') ?? `${group}/v1beta1`;
  const { namespace } = service;
  const path = `/apis/${apiVersion}/namespaces/${encodeURIComponent(namespace)}/${resource}`;
  const listed = await readList(kube, { verb: 'list', resource, group, namespace }, path);
  if (!listed.ok) return listed;
  return known({
    apiVersion,
    configurations: listed.value
      .filter((object) => selects(object, service))
      .map((object) => ({
        namespace,
        name: textAt(objectAt(object, 'metadata'), 'name') ?? '',
        spec: objectAt(object, 'spec'),
      })),
  });
}
