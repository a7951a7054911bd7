import { check, type Check } from '../plan/check.ts';
import { noted, type NlbmcHint } from '../model/hint.ts';
import { leaveHint, purgeHint } from '../model/nlbmc-hints.ts';
import { nameText, serviceOf } from '../model/kubernetes.ts';
import type { Enrolled, ForeignTarget } from '../observed/others-targets.ts';
import type { DisableIntent } from '../model/intent.ts';
import type { Binding } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { Observed } from '../observed/observed.ts';
import { isKnownTarget, knownTargetTexts } from '../model/known-target.ts';
import { valueOf } from '../model/problem.ts';
import { evidenceText } from '../observed/evidence-text.ts';
import { targetText } from '../model/target-key.ts';
import { count, listed } from '../model/words.ts';

/** A primary that is to be alone, and who is there besides it. */
export interface AloneCase {
  readonly observed: Observed;
  readonly intent: DisableIntent;
  readonly primary: ClusterView;
  readonly enrolled: readonly Enrolled[];
  readonly foreign: readonly ForeignTarget[];
}

/** What the command would lead to for them. */
const harm = ({ exclusive, context }: DisableIntent, targets: string): string =>
  exclusive
    ? `the controller of ${context} would deregister ${targets}`
    : `deleting the Service would deregister ${targets}`;

const lines = (targets: readonly ForeignTarget[], observed: Observed): readonly string[] =>
  targets.map(({ found, listed: context }) =>
    [
      `${targetText(found.target)} ${found.state}`,
      ...(found.zone === undefined ? [] : [`zone ${found.zone}`]),
      context === undefined
        ? evidenceText(observed.addressEvidence[found.target.id])
        : `of ${context}`,
    ].join(', '),
  );

/** A binding beside the primary's own leaves alone: by its Service, and the groups it is on. */
function leavesBeside(
  { service }: DisableIntent,
  context: string,
  bindings: readonly Binding[],
): readonly NlbmcHint[] {
  const names = [...new Set(bindings.map((binding) => nameText(serviceOf(binding))))];
  return names.map((name) => {
    const here = bindings.filter((binding) => nameText(serviceOf(binding)) === name);
    const [first] = here;
    return leaveHint({
      service,
      ...(first ? { localService: serviceOf(first) } : {}),
      context,
      targetGroups: [...new Set(here.map(({ targetGroupArn }) => targetGroupArn))],
    });
  });
}

const nobodyEnrolled = check<AloneCase>('cluster-enrolled', 'blocker', (subject) => {
  const { observed, intent, primary, enrolled, foreign } = subject;
  const contexts = [...new Set(enrolled.map(({ cluster }) => cluster.context))];
  return contexts.map((context) => {
    const bindings = enrolled.flatMap(({ cluster, binding }) =>
      cluster.context === context ? [binding] : [],
    );
    const targets = foreign.filter((one) => one.listed === context);
    const own = context === primary.context;
    const names = `${bindings.length === 1 ? 'binding' : 'bindings'} ${listed(bindings.map(nameText))}`;
    const [first] = bindings;
    return {
      message: `${own ? `Another binding of ${context}` : context} is enrolled in Service ${nameText(intent.service)} by ${names}${
        targets.length === 0
          ? ''
          : `: ${harm(intent, targets.length === 1 ? 'its target' : `its ${targets.length} targets`)}`
      }.`,
      details: lines(targets, observed),
      about: { cluster: context, service: intent.service },
      hints: own
        ? leavesBeside(intent, context, bindings)
        : [
            leaveHint({
              service: intent.service,
              ...(first ? { localService: serviceOf(first) } : {}),
              context,
              primary: primary.context,
            }),
          ],
      ...(targets.length > 0 ? { saves: targets.length } : {}),
    };
  });
});

const noForeignTarget = check<AloneCase>('targets-of-others', 'blocker', (subject) => {
  const { observed, intent, primary, foreign } = subject;
  const { service } = intent;
  const unlisted = foreign.filter((one) => one.listed === undefined && !isKnown(one, subject));
  const holders = [...new Set(unlisted.map(({ tagged }) => tagged))];
  const contexts = observed.clusters.map(({ context }) => context);
  const purge = purgeHint({ service }, contexts, {
    'known-target': knownTargetTexts(intent.knownTargets),
  });
  return holders.map((holder) => {
    const targets = unlisted.filter(({ tagged }) => tagged === holder);
    const one = targets.length === 1;
    return {
      message: `${count(targets.length, 'registered target')} of Service ${nameText(service)} ${one ? 'does' : 'do'} not belong to ${primary.context}${
        holder === undefined
          ? ', and no tag in EC2 names a cluster'
          : `: the tags in EC2 name cluster ${holder}`
      }; ${harm(intent, one ? 'it' : 'them')}.`,
      details: lines(targets, observed),
      about: { service, ...(holder === undefined ? {} : { clusterName: holder }) },
      hints:
        holder === undefined
          ? [purge]
          : [
              leaveHint({ service, context: { clusterName: holder }, primary: primary.context }),
              noted(purge, 'if that cluster is gone'),
            ],
      saves: targets.length,
    };
  });
});

/** Named by the person, and EC2 has no cluster tag for it: a VM, an autoscaling group, ECS. */
const isKnown = (
  { found, listed: context, tagged }: ForeignTarget,
  { intent, observed }: AloneCase,
): boolean => {
  const evidence = observed.addressEvidence[found.target.id];
  return (
    context === undefined &&
    tagged === undefined &&
    isKnownTarget(found.target, intent.knownTargets, evidence && valueOf(evidence))
  );
};

/** They belong to no cluster, but they are deregistered with the flag off: the controller then owns the group. */
const knownTargetsGo = check<AloneCase>('targets-of-others', 'caution', (subject) => {
  const { observed, intent, foreign } = subject;
  const targets = foreign.filter((one) => isKnown(one, subject));
  if (targets.length === 0) return undefined;
  const one = targets.length === 1;
  return {
    message: `${count(targets.length, 'target')} of Service ${nameText(intent.service)} that you named with --known-target ${one ? 'belongs' : 'belong'} to no cluster; ${harm(intent, one ? 'it' : 'them')}.`,
    details: lines(targets, observed),
    about: { service: intent.service },
  };
});

/** Hazards H26 and H28: no other cluster may be enrolled when sharing or the load balancer ends. */
export const aloneChecks: readonly Check<AloneCase>[] = [
  nobodyEnrolled,
  noForeignTarget,
  knownTargetsGo,
];
