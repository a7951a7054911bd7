import { handoverAnnotation, managerOf } from '../model/annotations.ts';
import type { Tags } from '../model/aws.ts';
import { nameText, sameName, serviceOf, type Binding } from '../model/kubernetes.ts';
import { valueOf } from '../model/problem.ts';
import { bindingsOf, bindingsOfService } from '../observed/enrollment.ts';
import { clusterTag, resourceTag, showsAddress, stackTag } from '../observed/owner-tags.ts';
import { hasRestarted, isRestarting } from '../progress/restart-progress.ts';
import { type HandoverCase, type Side, sidesOf } from './handover-case.ts';

/** Labels by which LBC finds the bindings that it made for a Service (`pkg/deploy/tracking/provider.go`). */
const stackLabels = {
  namespace: 'service.k8s.aws/stack-namespace',
  name: 'service.k8s.aws/stack-name',
} as const;

/** The labels by which the controller of a cluster takes a binding for one of its Service. */
export const labelsFor = ({
  service,
}: Pick<Side, 'service'>): Readonly<Record<string, string>> => ({
  [stackLabels.namespace]: service.namespace,
  [stackLabels.name]: service.name,
});

/** Bindings of the Service of this side on the target groups. */
export const ownBindingsOf = ({ enrollment }: HandoverCase, side: Side): readonly Binding[] =>
  bindingsOfService(side.cluster, enrollment.arns, side.service);

/** Whether the binding has the labels of the Service: those that are wrong or missing would make it a stranger. */
export const isLabelled = (binding: Binding, side: Side): boolean =>
  Object.entries(labelsFor(side)).every(([key, value]) => binding.labels[key] === value);

/** Whether a controller manages the Service of this side. */
export const isManaged = (side: Side | undefined): boolean =>
  side?.found !== undefined && managerOf(side.found) !== undefined;

/** A resource of the load balancer with the tags that its owner's controller looks for. */
export interface OwnedResource {
  readonly id: string;
  readonly name: string;
  readonly kind: 'target-group' | 'listener' | 'load-balancer';
  readonly tags: Tags;
  readonly wanted: Readonly<Record<string, string | null>>;
}

/** What is on a target group besides the cluster: LBC finds it by its port (`model_build_target_group.go`). */
function resourceOf(subject: HandoverCase, side: Side, arn: string): string | undefined {
  const bindings = [subject.from, subject.to].flatMap((one) =>
    one ? bindingsOf(one.cluster, arn).filter((b) => sameName(serviceOf(b), one.service)) : [],
  );
  const port = bindings[0]?.servicePort;
  return port === undefined ? undefined : `${nameText(side.service)}:${port}`;
}

/** Target groups, listeners and, last, the load balancer, each with the tags that it is to have. */
export function resourcesOf(subject: HandoverCase): readonly OwnedResource[] {
  const { observed, enrollment, facts, loadBalancer, to } = subject;
  const wanted = (resource: string | undefined): OwnedResource['wanted'] =>
    to
      ? {
          [clusterTag]: to.clusterName,
          [stackTag]: nameText(to.service),
          ...(resource === undefined ? {} : { [resourceTag]: resource }),
        }
      : { [clusterTag]: null, [stackTag]: null, [resourceTag]: null };
  const groups = enrollment.arns.map((arn): OwnedResource => {
    const group = observed.targetGroups[arn];
    const found = group && valueOf(group);
    return {
      id: arn,
      name: `target group ${found?.name ?? arn}`,
      kind: 'target-group',
      tags: (found?.tags && valueOf(found.tags)) ?? {},
      wanted: wanted(to && resourceOf(subject, to, arn)),
    };
  });
  const listeners = Object.entries(valueOf(facts.listenerTags) ?? {}).map(
    ([arn, tags]): OwnedResource => ({
      id: arn,
      name: `listener ${arn.split('/').at(-1) ?? arn}`,
      kind: 'listener',
      tags,
      wanted: wanted(undefined),
    }),
  );
  const balancer: OwnedResource = {
    id: loadBalancer.arn,
    name: `load balancer ${loadBalancer.name}`,
    kind: 'load-balancer',
    tags: (loadBalancer.tags && valueOf(loadBalancer.tags)) ?? {},
    wanted: wanted('LoadBalancer'),
  };
  return [...groups, ...listeners, balancer];
}

/** Whether a resource has the tags that it is to have. */
export const isTagged = ({ tags, wanted }: OwnedResource): boolean =>
  Object.entries(wanted).every(([key, value]) => (tags[key] ?? null) === value);

/** Whether all has the tags of the taker. */
export const isRetagged = (subject: HandoverCase): boolean => resourcesOf(subject).every(isTagged);

/** Whether the note of this side says that, and what `holds` of its controller since it was written. */
function holdsSince(
  { facts }: HandoverCase,
  side: Side,
  note: string,
  holds: typeof hasRestarted,
): boolean {
  const written = side.found?.handoverNote;
  const read = facts.controllers[side.cluster.context];
  return written?.value === note && read?.ok === true && holds(read.value, written.at);
}

/** Whether the note of this side says that, and its controller began after it was written. */
export const hasRestartedSince = (subject: HandoverCase, side: Side, note: string): boolean =>
  holdsSince(subject, side, note, hasRestarted);

/** Whether the note of this side says that, and its controller has been told to begin again after it was written. */
export const isRestartingSince = (subject: HandoverCase, side: Side, note: string): boolean =>
  holdsSince(subject, side, note, isRestarting);

/** Whether the note of this side says that. */
export const isNoted = ({ found }: Side, note: string): boolean =>
  found?.handoverNote?.value === note;

/** Whether the controller of the taker has taken the load balancer on. */
export function isAdopted(subject: HandoverCase): boolean {
  const { to, observed } = subject;
  if (!to?.found || !isManaged(to) || !isRetagged(subject)) return false;
  const bindings = ownBindingsOf(subject, to);
  return (
    showsAddress(observed, to.found) &&
    bindings.length > 0 &&
    bindings.every((binding) => isLabelled(binding, to))
  );
}

/** Whether the way back is taken from a handover that has not come to its end: a Service has its note. */
export const isReturn = (subject: HandoverCase): boolean =>
  subject.intent.back &&
  sidesOf(subject).some(
    ({ found }) => found !== undefined && handoverAnnotation in found.annotations,
  );
