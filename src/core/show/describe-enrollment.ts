import { showHint } from '../model/nlbmc-hints.ts';
import { asksForSharing } from '../model/annotations.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { absenceProblems } from '../checks/absence.ts';
import { clusterNames, clusterVpc } from '../model/cluster-name.ts';
import { parseArn } from '../model/arn.ts';
import { backendGroups } from '../model/backend-group.ts';
import { bindingsOf, unboundPorts } from '../observed/enrollment.ts';
import {
  type Enrollment as EnrollmentFound,
  enrollmentOf,
  primaryIn,
  roleOf,
} from '../observed/owner.ts';
import { ownerDocument } from '../observed/owner-document.ts';
import { severalBalancers } from '../observed/several-balancers.ts';
import { nameText } from '../model/kubernetes.ts';
import type { Enrollment } from '../observed/enrollment-document.ts';
import { memberOf, readingOf, unreadOf, type Member } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { valueOf, type Problem, type Reading } from '../model/problem.ts';
import { bindingOf, portOf, tellingOf } from './describe-port.ts';

/** Whether the Service of the owner's cluster has the multi-cluster annotation; null: unread. */
const sharingOf = ({ service }: ClusterView): boolean | null => {
  const found = valueOf(service);
  return found ? asksForSharing(found.annotations) : null;
};

function membersOf(observed: Observed, enrollment: EnrollmentFound | undefined): readonly Member[] {
  return (enrollment?.arns ?? []).flatMap((arn) =>
    observed.clusters.flatMap((cluster) =>
      bindingsOf(cluster, arn).map((binding) => memberOf(observed, cluster, binding)),
    ),
  );
}

/**
 * Why the enrollment is not whole: nothing found, or facts that could not be read (marked unread).
 * Without any the answer is complete.
 */
export function enrollmentProblems(observed: Observed): readonly Problem[] {
  const { clusters, loadBalancer } = observed;
  const enrollment = enrollmentOf(observed);
  if (!enrollment) return absenceProblems(observed, showHint);
  const several = severalBalancers(observed, enrollment.arns, showHint);
  if (several.length > 0) return several;
  const { owner } = enrollment;
  const balancer = loadBalancer.ok
    ? [
        loadBalancer.value.attributes,
        ...(loadBalancer.value.listeners ? [loadBalancer.value.listeners] : []),
        ...(loadBalancer.value.securityGroups ? [loadBalancer.value.securityGroups] : []),
      ]
    : [loadBalancer];
  const groups = enrollment.arns.flatMap((arn): readonly Reading<unknown>[] => {
    const group = readingOf(observed.targetGroups, arn, `Target group ${arn}`);
    return [group, ...(group.ok && group.value.attributes ? [group.value.attributes] : [])];
  });
  return [
    ...clusters.flatMap((cluster) =>
      unreadOf(
        [
          cluster.identity,
          cluster.bindings,
          ...membersOf(observed, enrollment)
            .filter((member) => member.cluster === cluster)
            .flatMap(({ service: read, tracked }) => [read, tracked]),
        ],
        cluster.context,
      ),
    ),
    ...unreadOf([
      ...balancer,
      ...groups,
      ...(owner.kind === 'unread' ? [{ ok: false, problem: owner.problem } as const] : []),
    ]),
  ];
}

/** The enrollment of the Service, as far as it could be read; `ports` is empty when there is none. */
export function describeEnrollment(observed: Observed): Enrollment {
  const { clusters, service } = observed;
  const enrollment = enrollmentOf(observed);
  const primary = enrollment && primaryIn(enrollment);
  const members = membersOf(observed, enrollment);
  // A port is described by the binding of the cluster that names the target groups, where it has one.
  const enrolled = (enrollment?.arns ?? []).flatMap((arn) => {
    const all = members.filter(({ binding }) => binding.targetGroupArn === arn);
    return all.find(({ cluster }) => cluster === enrollment?.source) ?? all[0] ?? [];
  });
  const arn = enrolled[0] && parseArn(enrolled[0].binding.targetGroupArn);
  const balancer = valueOf(observed.loadBalancer);
  return {
    apiVersion: 'nlbmc/v1',
    kind: 'Enrollment',
    metadata: { namespace: service.namespace, name: service.name },
    at: observed.at,
    region: arn?.region ?? null,
    account: arn?.account ?? null,
    vpcId: balancer?.vpcId ?? enrolled[0]?.binding.vpcId ?? null,
    loadBalancer: balancer
      ? {
          arn: balancer.arn,
          name: balancer.name,
          dnsName: balancer.dnsName,
          scheme: balancer.scheme,
          state: balancer.state,
          zones: balancer.zones,
          securityGroups: balancer.securityGroupIds,
          attributes: tellingOf(balancer.attributes),
        }
      : null,
    backendGroups: enrollment
      ? backendGroups(
          enrolled.map(({ binding }) => binding),
          enrollment.source,
          balancer,
        )
      : [],
    owner: enrollment ? ownerDocument(enrollment.owner) : null,
    primary: primary
      ? {
          context: primary.context,
          identity: valueOf(primary.identity) ?? null,
          sharing: sharingOf(primary),
        }
      : null,
    ports: enrolled.map((member) => portOf(observed, member)),
    unboundPorts: primary ? unboundPorts(primary, service).map(({ port }) => port) : [],
    members: clusters
      .map((cluster) => ({
        context: cluster.context,
        role: enrollment ? roleOf(enrollment, cluster) : ('member' as const),
        clusterNames: clusterNames(cluster),
        vpcId: clusterVpc(cluster) ?? null,
        identity: valueOf(cluster.identity) ?? null,
        serviceUid: valueOf(cluster.service)?.uid ?? null,
        bindings: members
          .filter((member) => member.cluster === cluster)
          .toSorted((a, b) => nameText(a.binding).localeCompare(nameText(b.binding)))
          .map(bindingOf),
      }))
      .filter(({ role, bindings }) => role === 'primary' || bindings.length > 0),
    notEnrolled: clusters
      .filter(
        (cluster) =>
          enrollment !== undefined &&
          cluster.bindings.ok &&
          !members.some((member) => member.cluster === cluster),
      )
      .map(({ context }) => context),
    unknown: enrollmentProblems(observed)
      .filter(({ unread }) => unread)
      .map(({ message }) => message),
  };
}
