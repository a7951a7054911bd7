import { parseArn } from '../model/arn.ts';
import type { LoadBalancer, TargetGroup } from '../model/aws.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { Hint } from '../model/hint.ts';
import {
  type Binding,
  nameText,
  type ObjectName,
  sameName,
  serviceOf,
} from '../model/kubernetes.ts';
import { verifyHint } from '../model/nlbmc-hints.ts';
import { type Problem, type Reading, valueOf } from '../model/problem.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import type { Enrollment } from '../observed/enrollment-document.ts';
import { unreadOf } from '../observed/member.ts';
import { ownerDocument } from '../observed/owner-document.ts';
import { roleOf, type Role } from '../observed/owner.ts';
import type { MemberState, Verdict } from '../plan/verdict.ts';
import { grouped } from '../model/grouped.ts';
import type { FoundEnrollment } from './enrollments.ts';

/** A Service of a cluster that takes part. */
export interface ListedMember {
  readonly cluster: string;
  readonly role: Role;
  readonly service: ObjectName;
  readonly bindings: readonly (ObjectName & {
    readonly port: number | string;
    readonly targetGroup: string;
    readonly multiCluster: boolean;
    /** Healthy targets of this binding; null: unknown. */
    readonly healthy: number | null;
  })[];
  /** Healthy targets of all its bindings; null: unknown. */
  readonly healthy: number | null;
}

/** A line of the list: an enrollment on a load balancer. */
export interface ListedEnrollment {
  /** Null: no load balancer forwards to the target groups, or that is unknown. */
  readonly loadBalancer: {
    readonly arn: string;
    readonly name: string;
    /** Null: unknown. */
    readonly dnsName: string | null;
  } | null;
  /** Null: unknown. */
  readonly owner: NonNullable<Enrollment['owner']> | null;
  readonly service: ObjectName;
  readonly ports: readonly {
    readonly port: number | string;
    readonly protocol: string | null;
    readonly targetGroup: string;
    /** Whether AWS has it; null: unknown. */
    readonly exists: boolean | null;
  }[];
  readonly members: readonly ListedMember[];
  /** What `verify` says of it; `exclusive`: one cluster has it for itself, and there is nothing to verify. */
  readonly state: MemberState | 'exclusive';
  /** Codes of what keeps it from being ready, the first to read first. */
  readonly codes: readonly string[];
  /** The command that says why. */
  readonly verify: Hint;
}

/** What was read and judged of an enrollment that was found. */
export interface Judged {
  readonly found: FoundEnrollment;
  readonly clusters: readonly ClusterView[];
  readonly groups: Readonly<Record<string, Reading<TargetGroup>>>;
  readonly balancer?: Reading<Pick<LoadBalancer, 'name' | 'dnsName'>> | undefined;
  /** The verdict of `verify`; undefined where the enrollment is exclusive. */
  readonly verdict?: Verdict | undefined;
}

/** Facts that the line needs and that could not be read. */
export const unreadIn = (judged: Judged): readonly Problem[] => {
  const { found, groups, balancer, verdict } = judged;
  const { owner } = found;
  return [
    ...unreadOf(
      found.arns.flatMap((arn): readonly Reading<unknown>[] => {
        const group = groups[arn];
        if (!group) return [];
        return group.ok && !verdict ? [group, group.value.targets] : [group];
      }),
    ).filter(({ code }) => code !== 'binding-stale'),
    ...(balancer ? unreadOf([balancer]) : []),
    ...(owner.kind === 'unread' ? unreadOf([{ ok: false, problem: owner.problem }]) : []),
    ...(verdict?.problems.filter((problem) => problem.unread) ?? []),
  ];
};

/** The command that proves or explains the word of the line. */
export const verifyLine = ({ service, localService, contexts, named }: FoundEnrollment): Hint =>
  verifyHint({ service, localService }, contexts, named ? { 'target-group': named } : {});

/** The healthy targets of a binding: as `verify` counts them, or all of an exclusive target group. */
function healthyOf({ groups, verdict }: Judged, context: string, binding: Binding): number | null {
  if (verdict) {
    const rows = verdict.ports
      .filter(({ targetGroupArn }) => targetGroupArn === binding.targetGroupArn)
      .flatMap(({ members }) => members)
      .filter((row) => row.cluster === context && row.binding && sameName(row.binding, binding));
    return rows[0]?.healthy ?? null;
  }
  const group = groups[binding.targetGroupArn];
  const targets = group?.ok ? valueOf(group.value.targets) : undefined;
  return targets ? targets.filter(({ state }) => state === 'healthy').length : null;
}

const sumOf = (counts: readonly (number | null)[]): number | null =>
  counts.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0);

function membersOf(judged: Judged): readonly ListedMember[] {
  const { found, clusters } = judged;
  return clusters.flatMap((cluster) => {
    const bindings = found.arns.flatMap((arn) => bindingsOf(cluster, arn));
    const byService = grouped(bindings, (binding) => nameText(serviceOf(binding)));
    return [...byService.values()].map((own): ListedMember => {
      const told = own.map((binding) => ({
        namespace: binding.namespace,
        name: binding.name,
        port: portNumberOf(judged, binding),
        targetGroup: binding.targetGroupArn,
        multiCluster: binding.multiCluster,
        healthy: healthyOf(judged, cluster.context, binding),
      }));
      return {
        cluster: cluster.context,
        role: roleOf(found, cluster),
        service: serviceOf(own[0]!),
        bindings: told,
        healthy: sumOf(told.map(({ healthy }) => healthy)),
      };
    });
  });
}

const portNumberOf = ({ verdict }: Judged, { targetGroupArn, servicePort }: Binding) => {
  const port = verdict?.ports.find((one) => one.targetGroupArn === targetGroupArn)?.port;
  return port === undefined || port === '?' ? servicePort : port;
};

/** One line of the list, from what was read and the one verdict. Nothing unread is ready. */
export function listedEnrollment(judged: Judged): ListedEnrollment {
  const { found, groups, balancer, verdict, clusters } = judged;
  const { balancer: arn, owner, service } = found;
  const missing = unreadIn(judged);
  const described = balancer && valueOf(balancer);
  const bindings = clusters.flatMap((cluster) =>
    found.arns.flatMap((one) => bindingsOf(cluster, one)),
  );
  return {
    loadBalancer:
      arn === undefined
        ? null
        : {
            arn,
            name: described?.name ?? parseArn(arn)?.name ?? arn,
            dnsName: described?.dnsName ?? null,
          },
    owner: ownerDocument(owner),
    service,
    ports: found.arns.map((one) => {
      const group = groups[one];
      const binding = bindings.find(({ targetGroupArn }) => targetGroupArn === one);
      return {
        port: binding ? portNumberOf(judged, binding) : '?',
        protocol: group?.ok ? group.value.protocol : null,
        targetGroup: one,
        exists: group?.ok ? true : group?.problem.code === 'binding-stale' ? false : null,
      };
    }),
    members: membersOf(judged),
    state: missing.length > 0 ? 'unknown' : (verdict?.state ?? 'exclusive'),
    codes: [...new Set([...missing, ...(verdict?.problems ?? [])].map(({ code }) => code))],
    verify: verifyLine(found),
  };
}
