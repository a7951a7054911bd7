import { createdMetadata } from '../model/added-metadata.ts';
import { managedBy } from '../model/annotations.ts';
import { apiVersionOf } from '../model/flavours.ts';
import { canonicalText } from '../model/canonical.ts';
import type {
  AddedMetadata,
  Binding,
  Flavour,
  IpFamily,
  NetworkingRule,
  ObjectName,
  Service,
  TargetType,
} from '../model/kubernetes.ts';
import type { KubeDocument } from '../plan/plan.ts';
import { portKey, portOf } from '../model/service-ports.ts';
import type { Template } from '../model/templates.ts';

export interface BindingDocumentFacts {
  readonly name: ObjectName;
  /** Whose controller is to act on it. */
  readonly flavour: Flavour;
  readonly service: string;
  /** A number, or the name where the Service has the number twice. */
  readonly port: number | string;
  readonly arn: string;
  readonly targetType: TargetType;
  readonly nodeSelector: Binding['nodeSelector'];
  readonly ipFamily: IpFamily;
  readonly networking: readonly NetworkingRule[] | undefined;
  readonly added?: AddedMetadata;
  /** What nlbmc put on it when it created it: a later apply keeps it. */
  readonly kept?: AddedMetadata | undefined;
}

/**
 * The `spec` of a member's binding. Nothing else is written: neither `vpcID` nor
 * `targetGroupProtocol`, since CRDs before 2.8 and 2.14 lack them and an apply then fails, and the
 * webhook fills them where its version knows them.
 */
function specOf(facts: BindingDocumentFacts): Readonly<Record<string, unknown>> {
  const { arn, targetType, nodeSelector, networking } = facts;
  return {
    targetGroupARN: arn,
    targetType,
    ipAddressType: facts.ipFamily,
    multiClusterTargetGroup: true,
    serviceRef: { name: facts.service, port: facts.port },
    ...(networking ? { networking: { ingress: networking } } : {}),
    ...(targetType === 'instance' && nodeSelector ? { nodeSelector } : {}),
  };
}

/** Fields of the template that are placeholders. */
const filledIn = new Set([
  'targetGroupARN',
  'targetType',
  'ipAddressType',
  'multiClusterTargetGroup',
  'serviceRef',
  'networking',
  'nodeSelector',
]);

/**
 * The template with what it is filled with. The controller's stack labels are never kept: it would
 * list the binding as its own and delete it (`pkg/deploy/elbv2/target_group_binding_synthesizer.go`).
 */
export function newBinding(template: Template, facts: BindingDocumentFacts): KubeDocument {
  // Its placeholders must not survive where there is nothing to fill in.
  const own = Object.fromEntries(
    Object.entries(template.spec ?? {}).filter(([field]) => !filledIn.has(field)),
  );
  return {
    // The template is for the open-source controller; EKS Auto Mode has the same kind in its own API.
    apiVersion: facts.flavour === 'lbc' ? template.apiVersion : apiVersionOf(facts.flavour),
    kind: template.kind,
    metadata: {
      name: facts.name.name,
      namespace: facts.name.namespace,
      ...createdMetadata(template, facts.added, facts.kept),
    },
    spec: { ...own, ...specOf(facts) },
  };
}

/** Whether nlbmc, or a manifest of its making, created the object. */
export const isOurWork = ({ labels }: Pick<Binding, 'labels'>): boolean =>
  Object.entries(managedBy).every(([key, value]) => labels[key] === value);

/**
 * A binding that somebody else made, as it should be, in the API of the controller that it is for:
 * in another one it would be a second binding. Its labels stay whose they are.
 */
export const adoptedBinding = (template: Template, facts: BindingDocumentFacts): KubeDocument => ({
  apiVersion: apiVersionOf(facts.flavour),
  kind: template.kind,
  metadata: { name: facts.name.name, namespace: facts.name.namespace },
  spec: specOf(facts),
});

const sorted = (values: readonly unknown[]): readonly string[] =>
  values.map(canonicalText).toSorted();

/** A field's meaning, for comparison: defaults filled in, a port by what it means, sets sorted. */
function meaning(field: string, value: unknown, local: Service): unknown {
  if (field === 'ipAddressType') return value ?? 'ipv4';
  if (field === 'multiClusterTargetGroup') return value ?? false;
  if (field === 'serviceRef') {
    const ref = (value ?? {}) as { name?: string; port?: number | string };
    const found = ref.port === undefined ? undefined : portOf(local, ref.port);
    return { name: ref.name, port: found ? portKey(found) : ref.port };
  }
  if (field === 'networking') {
    const rules = ((value ?? {}) as { ingress?: readonly NetworkingRule[] }).ingress ?? [];
    return sorted(
      rules.map(({ from, ports }) => ({
        from: sorted(from ?? []),
        ports: sorted((ports ?? []).map((port) => ({ ...port, protocol: port.protocol ?? 'TCP' }))),
      })),
    );
  }
  return value;
}

/** Labels and annotations that a person requires, where a binding that nlbmc created has others. */
export const metadataChanges = (
  { labels = {}, annotations = {} }: AddedMetadata,
  existing: Binding,
): readonly { path: string; before: unknown; after: unknown }[] =>
  (
    [
      ['labels', labels, existing.labels],
      ['annotations', annotations, existing.annotations],
    ] as const
  ).flatMap(([field, wanted, there]) =>
    Object.entries(wanted)
      .filter(([key, value]) => there[key] !== value)
      .map(([key, after]) => ({ path: `metadata.${field}.${key}`, before: there[key], after })),
  );

/** What a document would change on a binding that is there: of the fields that it writes. */
export function changesOf(
  document: KubeDocument,
  existing: Binding,
  local: Service,
): readonly { path: string; before: unknown; after: unknown }[] {
  const wanted = document['spec'] as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).flatMap(([field, after]) => {
    const before = existing.spec[field];
    const same =
      canonicalText(meaning(field, before, local)) === canonicalText(meaning(field, after, local));
    // The webhook fills the type, so a binding made by hand may have left it out.
    const filled = field === 'targetType' && before === undefined && existing.targetType === after;
    return same || filled ? [] : { path: `spec.${field}`, before, after };
  });
}
