import { handoverAnnotation, multiClusterAnnotation } from '../core/model/annotations.ts';
import type { Service, ServicePort } from '../core/model/kubernetes.ts';
import {
  defined,
  type Json,
  numberAt,
  objectAt,
  objectsAt,
  textAt,
  textMapAt,
  textsAt,
} from './json.ts';
import { appliersOf, writeOf } from './managed-fields.ts';

/** A Service from the JSON of the API server. */
export function serviceOf(object: Json): Service {
  const metadata = objectAt(object, 'metadata');
  const spec = objectAt(object, 'spec');
  const ingress = objectsAt(objectAt(object, 'status', 'loadBalancer'), 'ingress');
  return {
    namespace: textAt(metadata, 'namespace') ?? '',
    name: textAt(metadata, 'name') ?? '',
    uid: textAt(metadata, 'uid') ?? '',
    resourceVersion: textAt(metadata, 'resourceVersion') ?? '',
    type: textAt(spec, 'type') ?? 'ClusterIP',
    annotations: textMapAt(metadata, 'annotations'),
    labels: textMapAt(metadata, 'labels'),
    finalizers: textsAt(metadata, 'finalizers'),
    ports: objectsAt(spec, 'ports').map(portOf),
    selector: textMapAt(spec, 'selector'),
    ipFamilies: textsAt(spec, 'ipFamilies'),
    terminating: textAt(metadata, 'deletionTimestamp') !== undefined,
    allocatesNodePorts: spec['allocateLoadBalancerNodePorts'] !== false,
    annotationManagers: annotationManagers(metadata),
    appliers: appliersOf(metadata),
    ...defined({
      flagWrite: writeOf(metadata, 'f:metadata', 'f:annotations', `f:${multiClusterAnnotation}`),
      handoverNote: noteOf(metadata),
      loadBalancerClass: textAt(spec, 'loadBalancerClass'),
      externalTrafficPolicy: textAt(spec, 'externalTrafficPolicy'),
      sourceRanges: rangesOf(spec),
      healthCheckNodePort: numberAt(spec, 'healthCheckNodePort') || undefined,
      hostname: ingress
        .map((entry) => textAt(entry, 'hostname'))
        .find((name) => name !== undefined),
    }),
  };
}

function rangesOf(spec: Json): readonly string[] | undefined {
  const ranges = textsAt(spec, 'loadBalancerSourceRanges');
  return ranges.length > 0 ? ranges : undefined;
}

function portOf(port: Json): ServicePort {
  const number = numberAt(port, 'port') ?? 0;
  const targetPort = port['targetPort'];
  return {
    port: number,
    targetPort:
      typeof targetPort === 'number' || typeof targetPort === 'string' ? targetPort : number,
    protocol: textAt(port, 'protocol') ?? 'TCP',
    ...defined({ name: textAt(port, 'name'), nodePort: numberAt(port, 'nodePort') || undefined }),
  };
}

/** A note without a time tells nothing: when it was written is what it is for. */
function noteOf(metadata: Json): Service['handoverNote'] {
  const value = textMapAt(metadata, 'annotations')[handoverAnnotation];
  const at = writeOf(metadata, 'f:metadata', 'f:annotations', `f:${handoverAnnotation}`)?.at;
  return value === undefined || at === undefined ? undefined : { value, at };
}

/** Managers by annotation, from `managedFields` (the field's own format: `f:` before each name). */
function annotationManagers(metadata: Json): Readonly<Record<string, readonly string[]>> {
  const managers: Record<string, string[]> = {};
  for (const entry of objectsAt(metadata, 'managedFields')) {
    const manager = textAt(entry, 'manager');
    const owned = objectAt(entry, 'fieldsV1', 'f:metadata', 'f:annotations');
    for (const field of Object.keys(owned)) {
      if (!manager || !field.startsWith('f:')) continue;
      const list = (managers[field.slice(2)] ??= []);
      if (!list.includes(manager)) list.push(manager);
    }
  }
  return managers;
}
