import { enrolledArns, bindingsOf } from './enrollment.ts';
import { mayListHint } from '../model/hint.ts';
import { type Binding, nameText, type ObjectName, sameName } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { Observed } from './observed.ts';
import type { Problem } from '../model/problem.ts';
import { mayHaveUnseenRival } from './tracking-collision.ts';
import { isBefore } from '../model/version.ts';

/** Bindings that may be listed in one namespace only: one elsewhere would not be seen. */
export const narrowSight = ({
  bindings,
  bindingsScope,
  narrowFlavours = [],
  context,
  localService,
}: ClusterView) =>
  bindings.ok && bindingsScope === 'namespace'
    ? [
        {
          code: 'api-forbidden' as const,
          message: `Bindings of ${context} may be listed in namespace ${localService.namespace} only. nlbmc would not see a binding to the same target group in another namespace.`,
          hints: (narrowFlavours.length > 0 ? narrowFlavours : (['lbc'] as const)).map((flavour) =>
            mayListHint(context, flavour),
          ),
          about: { cluster: context, request: 'list targetgroupbindings in all namespaces' },
        },
      ]
    : [];

/** An own binding whose target group has an exclusive binding out of sight, one of `siblings`. */
export interface ExclusiveSibling {
  readonly binding: Binding;
  readonly siblings: readonly ObjectName[];
}

/** What is known of bindings that may not be listed, on the target groups of the enrollment. */
export interface Unseen {
  /** Proven to be exclusive: the controller said so. */
  readonly exclusive: readonly ExclusiveSibling[];
  /** Why an exclusive one may be there all the same; empty: there is none. */
  readonly doubts: readonly string[];
}

/**
 * What the controller's admission webhook tells of bindings that may not be listed. Since v2.12.0 it
 * lists all bindings for every update, and refuses one while another binding of the target group is
 * exclusive (`webhooks/elbv2/targetgroupbinding_validator.go`, `checkExistingTargetGroups`). A refusal
 * proves such a binding. That it accepts proves that there is none only where it has that check, was
 * called at all, and sees all namespaces (`--watch-namespace` limits its cache, `pkg/config/runtime_config.go`).
 * Nothing to tell where all bindings may be listed.
 */
export function unseenBindings(observed: Observed, cluster: ClusterView): Unseen {
  if (narrowSight(cluster).length === 0) return { exclusive: [], doubts: [] };
  const found = enrolledArns(observed).map((arn) => unseenOn(cluster, arn));
  return {
    exclusive: found.flatMap(({ exclusive }) => exclusive),
    doubts: [...new Set([...limitsOf(cluster, found), ...found.flatMap(({ doubts }) => doubts)])],
  };
}

/** Clusters of which something may still be out of sight, for what has to be complete. */
export const narrowlySeen = (observed: Observed): readonly Problem[] =>
  observed.clusters
    .filter((cluster) => unseenBindings(observed, cluster).doubts.length > 0)
    .flatMap((cluster) => {
      const asked = Object.keys(cluster.siblings ?? {}).length > 0;
      const { doubts } = unseenBindings(observed, cluster);
      return narrowSight(cluster).map((problem) =>
        asked ? { ...problem, details: doubts } : problem,
      );
    });

/** What keeps an answer from counting, whichever binding it is about. A refusal needs none of this. */
function limitsOf(cluster: ClusterView, found: readonly Unseen[]): readonly string[] {
  if (found.length === 0) return ['It is not known which target group to look for.'];
  if (found.every(({ exclusive }) => exclusive.length > 0)) return [];
  const { controller, context } = cluster;
  const deployments = controller.ok ? controller.value.deployments : [];
  if (deployments.length === 0) {
    return [
      `Whether the controller of ${context} would refuse it is not known: its Deployment was not found.`,
    ];
  }
  return deployments.flatMap(({ version, watchNamespace, name }) => {
    const old = isBefore(version ?? '', '2.12.0');
    if (old !== false) {
      return [
        `Only controllers since 2.12.0 look for other bindings, and ${name} of ${context} is ${version ?? 'of an unknown version'}.`,
      ];
    }
    return watchNamespace === undefined
      ? []
      : [`${name} of ${context} sees namespace ${watchNamespace} only.`];
  });
}

function unseenOn(cluster: ClusterView, arn: string): Unseen {
  const { context } = cluster;
  const [binding] = bindingsOf(cluster, arn).filter(
    (one) => nameText(one) in (cluster.siblings ?? {}),
  );
  const answer = binding && cluster.siblings?.[nameText(binding)];
  const doubt = (text: string): Unseen => ({ exclusive: [], doubts: [text] });
  if (!binding || !answer) {
    return doubt(`${context} has no binding of its own there that could be asked about.`);
  }
  if (!answer.ok) return doubt(answer.problem.message);
  if (answer.value.kind === 'accepted') {
    if (!answer.value.heard) {
      return doubt(
        `No admission webhook of a controller in ${context} judged ${nameText(binding)}.`,
      );
    }
  } else {
    const inSight = cluster.bindings.ok ? cluster.bindings.value : [];
    const seen = answer.value.bindings.map((name) => inSight.find((one) => sameName(one, name)));
    const siblings = answer.value.bindings.filter((_, index) => seen[index] === undefined);
    const explained = seen.some((one) => one !== undefined && !one.multiCluster);
    if (siblings.length > 0 && !explained)
      return { exclusive: [{ binding, siblings }], doubts: [] };
    if (siblings.length > 0 || !explained) {
      return doubt(
        `The controller of ${context} refuses a change of ${nameText(binding)}, and nlbmc cannot tell for which binding.`,
      );
    }
  }
  return mayHaveUnseenRival(cluster, binding)
    ? doubt(
        `The controller of ${context} may confuse ${nameText(binding)} with a binding in another namespace.`,
      )
    : { exclusive: [], doubts: [] };
}
