import { shareByHandHint } from '../model/hint.ts';
import { nameText } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { Problem } from '../model/problem.ts';
import { accepting, verifyHint } from '../model/nlbmc-hints.ts';
import { askedNames } from '../observed/asked-names.ts';
import { narrowlySeen, unseenBindings } from '../observed/narrow-sight.ts';
import type { Observed } from '../observed/observed.ts';
import { listed } from '../model/words.ts';

/**
 * Clusters of which a binding may be out of sight: an exclusive one, on the same target group, would
 * deregister the targets of all other clusters.
 */
export const outOfSight = (observed: Observed): readonly Problem[] => {
  const contexts = observed.clusters.map(({ context }) => context);
  const accept = accepting(
    verifyHint(askedNames(observed), contexts, { accept: 'unread' }),
    'a binding in another namespace may deregister these targets',
  );
  return narrowlySeen(observed).map((problem) => ({
    ...problem,
    hints: [...(problem.hints ?? []), accept],
    unread: true,
  }));
};

/** `binding-exclusive` for bindings that nlbmc may not read, and that the controller names. */
export const unseenExclusive = (observed: Observed, cluster: ClusterView): readonly Problem[] =>
  unseenBindings(observed, cluster).exclusive.map(({ binding, siblings }) => {
    const { context } = cluster;
    const names = listed(siblings.map(nameText));
    return {
      code: 'binding-exclusive',
      message: `${siblings.length === 1 ? `${names} in ${context} is` : `At least one of ${names} in ${context} is`} exclusive on the target group of ${nameText(binding)}: its controller deregisters the targets of every other cluster. You may not read ${siblings.length === 1 ? 'it' : 'them'}; the controller says so when it is asked to change ${nameText(binding)}.`,
      hints: siblings.map((sibling) => shareByHandHint(context, sibling)),
      about:
        siblings.length === 1
          ? { cluster: context, binding: siblings[0]! }
          : { cluster: context, targetGroup: binding.targetGroupArn },
    };
  });
