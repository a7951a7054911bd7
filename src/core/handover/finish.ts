import { handoverAnnotation } from '../model/annotations.ts';
import type { SecurityGroup } from '../model/aws.ts';
import { peerGroups } from '../model/backend-group.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import type { Phase } from '../model/handover.ts';
import type { Goal } from '../plan/goal.ts';
import type { Step } from '../plan/plan.ts';
import type { HandoverStep } from '../plan/handover-step.ts';
import { unclaimedTargets } from './at-stake.ts';
import { type HandoverCase, type Side, sidesOf } from './handover-case.ts';
import { placeholdersGone } from './placeholders.ts';
import { groupsAnnotation, rulesAnnotation } from './release.ts';
import { frontendSteps } from './retag.ts';
import { type Bound, patchBinding, ruleSteps } from './member-rules.ts';
import { backendOf, backendsOfOthers, goneBackends } from './security-groups.ts';
import { patchService } from './service-patch.ts';
import { isLabelled, labelsFor, ownBindingsOf } from './standing.ts';
import { isKeptList } from './adopt.ts';

/** The labels of the giver's stack go: its binding is that of an ordinary member. */
export function unlabelSteps(subject: HandoverCase, phase: Phase): readonly HandoverStep[] {
  const { from } = subject;
  if (!from) return [];
  return ownBindingsOf(subject, from)
    .filter((binding) => Object.keys(labelsFor(from)).some((key) => key in binding.labels))
    .map((binding) => {
      const keys = Object.keys(labelsFor(from)).filter((key) => key in binding.labels);
      return patchBinding(
        { cluster: from.cluster, binding },
        { metadata: { labels: Object.fromEntries(keys.map((key) => [key, null])) } },
        keys.map((key) => ({
          path: `metadata.labels.${key}`,
          before: binding.labels[key],
          after: undefined,
        })),
        phase,
      );
    });
}

/** Bindings on the target groups that the controller of the taker did not make: their rules stay as they are written. */
function othersOf({ observed, enrollment: { arns }, to }: HandoverCase): readonly Bound[] {
  return observed.clusters.flatMap((cluster) =>
    arns
      .flatMap((arn) => bindingsOf(cluster, arn))
      .filter((binding) => !(to && cluster === to.cluster && isLabelled(binding, to)))
      .map((binding) => ({ cluster, binding })),
  );
}

/** Bindings of others that let a group of another cluster in, but not yet the one of the taker. */
const lacking = (
  subject: HandoverCase,
  others: readonly SecurityGroup[],
  own: SecurityGroup,
): readonly Bound[] =>
  othersOf(subject).filter(({ binding }) => {
    const peers = peerGroups(binding);
    return others.some(({ id }) => peers.includes(id)) && !peers.includes(own.id);
  });

const wait = (goals: readonly Goal[]): Step => ({
  kind: 'wait',
  phase: 'finish',
  goals,
  replans: true,
});

const rulesApplied = (all: readonly Bound[]): readonly Goal[] =>
  all.map(({ cluster, binding }) => ({
    kind: 'rules-applied',
    cluster: cluster.context,
    binding: { namespace: binding.namespace, name: binding.name },
  }));

/**
 * The annotations with which the load balancer loses the groups of other clusters: the list of a person
 * without them; where a controller made the group for clients, none.
 */
function dropping(subject: HandoverCase, side: Side): Readonly<Record<string, string | null>> {
  const value = side.found?.annotations[groupsAnnotation];
  if (value === undefined) return {};
  if (isKeptList(subject, value)) return { [groupsAnnotation]: null, [rulesAnnotation]: null };
  const gone = new Set(backendsOfOthers(subject).map(({ id }) => id));
  const ids = value.split(',').map((id) => id.trim());
  const left = ids.filter((id) => !gone.has(id));
  return left.length === ids.length ? {} : { [groupsAnnotation]: left.join(',') };
}

/** The group for clients gets the tags of the taker at the moment at which no annotation names it any more. */
function dropSteps(subject: HandoverCase, side: Side): readonly HandoverStep[] {
  const { found } = side;
  const annotations = dropping(subject, side);
  if (!found || Object.keys(annotations).length === 0) return [];
  const step = patchService(side, 'finish', found, { annotations }, { planned: false });
  return [...frontendSteps(subject, 'finish', side), ...(step ? [step] : [])];
}

/** The notes of the handover go, that of the giver last: as long as it has one, the handover is under way. */
const noteSteps = (subject: HandoverCase): readonly HandoverStep[] =>
  sidesOf(subject)
    .toReversed()
    .flatMap((side) => {
      const { found } = side;
      if (!found || !(handoverAnnotation in found.annotations)) return [];
      const annotations = { [handoverAnnotation]: null };
      return patchService(side, 'finish', found, { annotations }, { planned: false }) ?? [];
    });

/** Rules of others that name a group from which the load balancer reaches nothing any more. */
function staleRules(subject: HandoverCase, own: SecurityGroup | undefined): readonly Bound[] {
  if (!own) return [];
  const gone = goneBackends(subject);
  return othersOf(subject).filter(({ binding }) =>
    peerGroups(binding).some((id) => gone.includes(id)),
  );
}

/** What is left to do when the taker owns the load balancer, and whether the group of another cluster stays on it. */
export interface Finish {
  readonly steps: readonly Step[];
  /** Security groups of other clusters that stay, since targets may need them that no listed cluster tracks. */
  readonly staying: readonly SecurityGroup[];
}

/**
 * The end of a handover: the giver's bindings lose the labels of its stack. Each binding lets the group of
 * the taker in beside the one that is there; then the load balancer loses the groups of other clusters, by
 * annotations that go; at last the rules lose them, too. Each comes when the one before has taken effect.
 * `ahead`: the taker does not own it yet.
 */
export function finishOf(subject: HandoverCase, ahead: boolean): Finish {
  const { to } = subject;
  const unlabelled = [
    ...unlabelSteps(subject, 'finish'),
    ...(ahead ? [] : placeholdersGone(subject, 'finish')),
  ];
  const last = noteSteps(subject);
  if (!to) return { steps: [...unlabelled, ...last], staying: [] };
  const others = backendsOfOthers(subject);
  const own = backendOf(subject, to);
  if (others.length === 0) {
    const stale = staleRules(subject, own);
    const rules = own ? ruleSteps(stale, goneBackends(subject), own, true) : [];
    const dropped = ahead ? [] : dropSteps(subject, to);
    const tags = ahead || dropped.length > 0 ? [] : frontendSteps(subject, 'finish', to);
    return {
      steps: [
        ...unlabelled,
        ...tags,
        ...dropped,
        ...rules,
        ...(rules.length > 0 ? [wait(rulesApplied(stale))] : []),
        ...last,
      ],
      staying: [],
    };
  }
  // They may depend on a group of another cluster, and their bindings are not given the new one.
  if (unclaimedTargets(subject).length > 0) {
    return { steps: [...unlabelled, ...last], staying: others };
  }
  if (!own || ahead) return { steps: unlabelled, staying: [] };
  const lack = lacking(subject, others, own);
  const old = others.map(({ id }) => id);
  const steps =
    lack.length > 0
      ? [...ruleSteps(lack, old, own, false), wait(rulesApplied(lack))]
      : [
          ...dropSteps(subject, to),
          wait(old.map((groupId) => ({ kind: 'group-removed', groupId }))),
        ];
  return { steps: [...unlabelled, ...steps], staying: [] };
}
