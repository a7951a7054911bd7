import { nameText } from '../model/kubernetes.ts';
import { joinHint } from '../model/nlbmc-hints.ts';
import { type Problem, valueOf } from '../model/problem.ts';
import type { Recorded } from '../observed/evidence.ts';
import { targetKey, targetText, trackedKeys } from '../model/target-key.ts';
import { targetWords } from '../model/target-words.ts';
import { count } from '../model/words.ts';
import { differences, newDocumentHint } from '../checks/evidence.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { isRegistered, type Member, memberOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import type { PortCase } from '../observed/port-case.ts';
import { recordedOnly } from '../observed/recorded.ts';
import type { MemberState, MemberVerdict } from '../plan/verdict.ts';
import type { RegisteredTarget } from '../model/target.ts';
import { aboutMember } from './binding-problems.ts';

/** Recorded endpoints that AWS has, and does not call healthy. */
function illProblems(
  member: Member,
  there: readonly RegisteredTarget[],
  hints: Problem['hints'] = [],
): readonly Problem[] {
  const ill = there.filter((found) => isRegistered(found) && found.state !== 'healthy');
  if (ill.length === 0) return [];
  const coming = ill.every(({ state }) => state === 'initial');
  return [
    {
      code: coming ? 'target-converging' : 'target-unhealthy',
      message: `${count(ill.length, 'recorded target')} of ${member.cluster.context} on port ${member.port} ${ill.length === 1 ? 'is' : 'are'} not healthy.`,
      about: aboutMember(member),
      details: ill.map((found) => `${targetText(found.target)} ${targetWords(found).text}`),
      hints,
    },
  ];
}

/** Targets that a cluster which was read tracks, and that the document gives to another one, too. */
function contestedProblems(
  member: Member,
  keys: ReadonlySet<string>,
  { parts, registered }: PortCase,
  hints: Problem['hints'] = [],
): readonly Problem[] {
  return parts.flatMap((part): readonly Problem[] => {
    const both = [...part.tracked].filter((key) => keys.has(key) && registered.has(key));
    if (both.length === 0) return [];
    const { cluster, binding } = part.member;
    return [
      {
        code: 'target-contested',
        message: `${count(both.length, 'target')} of port ${member.port} ${both.length === 1 ? 'is' : 'are'} tracked by ${nameText(binding)} in ${cluster.context} and, according to the document, by ${member.cluster.context}: when either releases ${both.length === 1 ? 'it' : 'them'}, both lose ${both.length === 1 ? 'it' : 'them'}.`,
        about: aboutMember(member),
        details: both,
        hints,
      },
    ];
  });
}

function stateOf(problems: readonly Problem[]): MemberState {
  if (problems.length === 0) return 'recorded';
  return problems.every(({ code }) => code === 'target-converging') ? 'converging' : 'degraded';
}

/**
 * Rows of the clusters that only a document tells of: whether what they tracked then is registered
 * and healthy now. Their endpoints are unknown, so they are never `ready`.
 */
export function recordedRows(context: PortCase): readonly MemberVerdict[] {
  const { observed, arn, registered } = context;
  const { recorded } = observed;
  if (!recorded) return [];
  const hints = [newDocumentHint(recorded)];
  const changed = differences(observed);
  return recordedOnly(observed).flatMap((cluster) =>
    bindingsOf(cluster, arn).map((binding): MemberVerdict => {
      const member = memberOf(observed, cluster, binding);
      const keys = member.tracked.ok ? trackedKeys(member.tracked.value) : new Set<string>();
      const live = member.eligible.ok ? member.eligible.value : [];
      const all = new Set([...keys, ...live.map(({ target }) => targetKey(target))]);
      const there = [...all].flatMap((key) => registered.get(key) ?? []);
      const read = member.registered.ok;
      const problems = [
        ...(binding.multiCluster
          ? []
          : [
              {
                code: 'binding-exclusive',
                message: `${nameText(binding)} in ${cluster.context} was exclusive at ${recorded.document.at}: its controller deregisters the targets of every other cluster.`,
                about: aboutMember(member),
                hints,
              } as const,
            ]),
        ...changed.filter(
          ({ about }) => about?.cluster === cluster.context && about.targetGroup === arn,
        ),
        ...illProblems(member, there, hints),
        ...contestedProblems(member, keys, context, hints),
      ];
      const role = recorded.document.members.find((one) => one.context === cluster.context)?.role;
      return {
        cluster: cluster.context,
        role: role ?? 'member',
        service: { namespace: binding.namespace, name: binding.serviceName },
        binding: { namespace: binding.namespace, name: binding.name },
        multiCluster: binding.multiCluster,
        asOf: recorded.document.at,
        eligible: null,
        tracked: keys.size,
        registered: read ? there.filter(isRegistered).length : null,
        healthy: read ? there.filter(({ state }) => state === 'healthy').length : null,
        draining: read ? there.filter((found) => !isRegistered(found)).length : null,
        state: read ? stateOf(problems) : 'unknown',
        problems,
      };
    }),
  );
}

/** What a document makes known beyond the rows of its clusters: what AWS contradicts in general. */
export const generalDifferences = (observed: Observed): readonly Problem[] =>
  differences(observed).filter(({ about }) => about?.cluster === undefined);

/** Listed clusters that have no binding on the target groups of the document; none where that is unread. */
export const notJoined = (
  { clusters, service }: Observed,
  { file, document }: Recorded,
): readonly Problem[] =>
  clusters.every(({ bindings, service: local }) => bindings.ok && valueOf(local) !== undefined)
    ? clusters.map(({ context, localService }) => ({
        code: 'member-missing',
        message: `${context} has no binding on the target groups in the document of ${document.at}.`,
        about: { cluster: context, service: localService },
        hints: [joinHint({ service, localService, context, from: { file } })],
      }))
    : [];
