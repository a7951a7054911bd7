import { createdMetadata } from '../model/added-metadata.ts';
import type {
  AddedMetadata,
  IpFamily,
  ObjectName,
  Service,
  TargetType,
} from '../model/kubernetes.ts';
import type { KubeDocument } from '../plan/plan.ts';
import type { Template } from '../model/templates.ts';

export interface ServiceDocumentFacts {
  readonly name: ObjectName;
  /** The Service that it is to be like; undefined: there is none, and it has no ports. */
  readonly primary: Service | undefined;
  readonly targetType: TargetType;
  readonly ipFamily: IpFamily;
  readonly added?: AddedMetadata;
}

/** The local Service that is to be made, as it will be read: type, ports and selector. */
export function plannedService({
  name,
  primary,
  targetType,
  ipFamily,
}: ServiceDocumentFacts): Service {
  return {
    namespace: name.namespace,
    name: name.name,
    uid: '',
    resourceVersion: '',
    type: targetType === 'instance' ? 'NodePort' : 'ClusterIP',
    annotations: {},
    labels: {},
    finalizers: [],
    // The primary's node port, since the rule for it has to be written before the Service is made.
    ports: (primary?.ports ?? []).map(({ nodePort, ...port }) => ({
      ...port,
      ...(targetType === 'instance' && nodePort !== undefined ? { nodePort } : {}),
    })),
    selector: primary?.selector ?? {},
    ipFamilies: [ipFamily === 'ipv6' ? 'IPv6' : 'IPv4'],
    terminating: false,
    allocatesNodePorts: true,
    annotationManagers: {},
    appliers: [],
  };
}

/** The document that makes it: the template with the primary's selector and ports. */
export function serviceDocument(template: Template, facts: ServiceDocumentFacts): KubeDocument {
  const planned = plannedService(facts);
  return {
    apiVersion: template.apiVersion,
    kind: template.kind,
    metadata: {
      name: planned.name,
      namespace: planned.namespace,
      ...createdMetadata(template, facts.added),
    },
    spec: {
      ...template.spec,
      type: planned.type,
      // A dual-stack cluster gives its first family unless it is told.
      ...(facts.ipFamily === 'ipv6' ? { ipFamilies: planned.ipFamilies } : {}),
      selector: planned.selector,
      ports: planned.ports,
    },
  };
}
