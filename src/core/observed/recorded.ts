import { multiClusterAnnotation } from '../model/annotations.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { type Binding, nameText, type ObjectName, type Service } from '../model/kubernetes.ts';
import { known, type Problem, unknown } from '../model/problem.ts';
import type { Target, TrackedTargets } from '../model/target.ts';
import { parseTarget } from '../model/target-key.ts';
import {
  type EnrolledBinding,
  type EnrolledPort,
  type Enrollment,
  owningIn,
} from './enrollment-document.ts';
import type { Recorded } from './evidence.ts';
import type { Observed } from './observed.ts';
import { sameness } from './same-cluster.ts';

type RecordedMember = Enrollment['members'][number];

const targetsOf = (texts: readonly string[]): readonly Target[] =>
  texts.flatMap((text) => parseTarget(text) ?? []);

/** The port that describes the target group of a binding: type, family and rules are told once. */
const portFor = ({ ports }: Enrollment, binding: EnrolledBinding): EnrolledPort | undefined =>
  ports.find(({ targetGroup }) => targetGroup.arn === binding.targetGroup);

const isNaming = (port: EnrolledPort | undefined, binding: EnrolledBinding): boolean =>
  JSON.stringify(port?.binding) === JSON.stringify(binding);

/** The Service that a recorded binding is for. */
const serviceNamed = ({ metadata }: Enrollment, binding: EnrolledBinding): ObjectName => ({
  namespace: binding.namespace,
  name: binding.service ?? metadata.name,
});

function bindingOf(document: Enrollment, member: RecordedMember, one: EnrolledBinding): Binding {
  const port = portFor(document, one);
  const owner = owningIn(document);
  const isOwner = owner?.context === member.context;
  const { namespace, name, multiCluster } = one;
  const { targetGroup, networking, nodeSelector } = port ?? {};
  return {
    namespace,
    name,
    flavour: 'lbc',
    uid: '',
    resourceVersion: '',
    generation: 1,
    terminating: false,
    targetGroupArn: one.targetGroup ?? '',
    targetType: targetGroup?.type ?? 'ip',
    ipFamily: targetGroup?.ipFamily ?? 'ipv4',
    multiCluster,
    serviceName: serviceNamed(document, one).name,
    // By its name: of two ports with one number the number means the first.
    servicePort: port?.servicePort?.name ?? one.port,
    // Rules and the ports of the Service are told once for each target group, and belong together.
    ...(networking ? { networking } : {}),
    ...(nodeSelector ? { nodeSelector } : {}),
    // The binding by which the owner's cluster names a target group is the one that its controller made.
    ...(isOwner && isNaming(port, one)
      ? { stack: { kind: owner.kind, namespace: owner.namespace, name: owner.name } }
      : {}),
    labels: {},
    annotations: {},
    managers: { flag: [], appliers: [] },
    finalizers: [],
    spec: {},
  };
}

/** The Service of a member, as far as the document tells: its ports, its UID and the annotation. */
function serviceIn(document: Enrollment, member: RecordedMember, name: ObjectName): Service {
  const { ports, primary } = document;
  const shares = primary?.context === member.context && primary.sharing === true;
  return {
    ...name,
    uid: member.serviceUid ?? '',
    resourceVersion: '',
    type: '',
    annotations: shares ? { [multiClusterAnnotation]: 'true' } : {},
    labels: {},
    finalizers: [],
    ports: [
      ...new Map(
        ports.map(({ servicePort }) => [JSON.stringify(servicePort), servicePort ?? []]),
      ).values(),
    ].flat(),
    selector: {},
    ipFamilies: [],
    terminating: false,
    allocatesNodePorts: true,
    annotationManagers: {},
    appliers: [],
  };
}

const trackedOf = ({ tracked }: EnrolledBinding): TrackedTargets =>
  tracked === null ? { kind: 'missing' } : { kind: 'set', targets: targetsOf(tracked) };

/** A member as the document has it. What the document does not say is unknown, never empty. */
function viewOf(document: Enrollment, member: RecordedMember): ClusterView {
  const { context, identity, clusterNames = [], vpcId, bindings, serviceUid } = member;
  const untold: Problem = {
    code: 'object-missing',
    message: `The document does not have the UID of kube-system in ${context}, nor that of its Service.`,
    about: { cluster: context },
  };
  const first = bindings.find((one) => isNaming(portFor(document, one), one)) ?? bindings[0];
  const name = first ? serviceNamed(document, first) : document.metadata;
  const service = serviceIn(document, member, name);
  return {
    context,
    server: '',
    identity: identity === null ? unknown(untold) : known(identity),
    localService: name,
    service: known(service),
    serviceNames: [],
    bindings: known(bindings.map((one) => bindingOf(document, member, one))),
    bindingsScope: 'cluster',
    tracked: Object.fromEntries(bindings.map((one) => [nameText(one), known(trackedOf(one))])),
    endpoints: {},
    // It tells clusters apart by its UID: without one it is no Service to compare.
    services: serviceUid ? { [nameText(name)]: known(service) } : {},
    controller: known({
      deployments: clusterNames.map((clusterName) => ({
        namespace: '',
        name: '',
        clusterName,
        ...(vpcId ? { vpcId } : {}),
        readyReplicas: 0,
      })),
    }),
    crdMultiCluster: unknown(untold),
    recorded: {
      at: document.at,
      registered: Object.fromEntries(
        bindings.map((one) => [nameText(one), targetsOf(one.registered ?? [])]),
      ),
    },
  };
}

/** Every member of the document. */
export const recordedMembers = ({ document }: Recorded): readonly ClusterView[] =>
  document.members.map((member) => viewOf(document, member));

/** Whether a recorded member is one of the clusters that the run reads itself. */
const isRead = (view: ClusterView, { clusters }: Pick<Observed, 'clusters'>): boolean =>
  clusters.some((cluster) => {
    const same = sameness(view, cluster);
    return same === 'same' || (same === 'unknown' && cluster.context === view.context);
  });

/** Members that only the document tells of; none without a document. */
export const recordedOnly = (
  observed: Pick<Observed, 'clusters' | 'recorded'>,
): readonly ClusterView[] =>
  observed.recorded
    ? recordedMembers(observed.recorded).filter((view) => !isRead(view, observed))
    : [];

/** The clusters that were read, and those that only a document tells of. */
export const clustersKnown = (
  observed: Pick<Observed, 'clusters' | 'recorded'>,
): readonly ClusterView[] => [...observed.clusters, ...recordedOnly(observed)];

/** The member whose bindings name the target groups in the document: the owner's, or else the first. */
export function recordedSource(observed: Observed): ClusterView | undefined {
  const { recorded } = observed;
  if (!recorded) return undefined;
  const { primary } = recorded.document;
  const all = recordedMembers(recorded);
  if (primary) return all.find(({ context }) => context === primary.context);
  return recordedOnly(observed).find(({ bindings }) => bindings.ok && bindings.value.length > 0);
}

/** The cluster of the owner, where it was not read and a document has it as a member. */
export function recordedOwner(
  observed: Pick<Observed, 'clusters' | 'recorded'>,
): ClusterView | undefined {
  const owner = observed.recorded && owningIn(observed.recorded.document);
  if (!owner) return undefined;
  return recordedOnly(observed).find(({ context }) => context === owner.context);
}

/** The target groups that are meant: those of a document come first, in its order. */
export const withRecordedGroups = (
  { recorded }: Pick<Observed, 'recorded'>,
  arns: readonly string[],
): readonly string[] => [
  ...new Set([
    ...(recorded?.document.ports.map(({ targetGroup }) => targetGroup.arn) ?? []),
    ...arns,
  ]),
];
