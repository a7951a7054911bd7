import { check, type Check, type Wrong } from '../plan/check.ts';
import { advice, awsHint, type Hint, kubectlHint } from '../model/hint.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { ControllerDeployment } from '../model/kubernetes.ts';
import { count } from '../model/words.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { aboutLocal, type JoinCase, type JoinPort } from './join-port.ts';
import { type Load, loadsOf, newTargets, pendingTargets } from './target-counts.ts';

/** Bytes of all values of a ConfigMap (kubernetes/pkg/apis/core/validation/validation.go, MaxSecretSize). */
const recordBytes = 1_048_576;

const after = ({ used, more }: Load): number => used + more;

const numbers = (load: Load): string =>
  `${load.what} has ${load.partial ? 'at least ' : ''}${count(load.used, 'target')}, and this join adds ${load.more}`;

const limitText = ({ limit, told }: Load): string =>
  told ? `the limit of this account is ${limit}` : `AWS's default limit is ${limit}`;

const moreHints = ({ arn }: JoinPort): readonly Hint[] => [
  awsHint(['elbv2', 'describe-account-limits'], arn),
  advice(
    'Run fewer pods, leave with a cluster that is not needed, or request a higher limit from AWS.',
  ),
];

/** What a cluster's controller does with `--max-targets-per-target-group`, which counts all targets. */
function ownLimit(
  subject: JoinCase,
  port: JoinPort,
  cluster: ClusterView,
  deployment: ControllerDeployment,
): readonly Wrong[] {
  const max = deployment.maxTargetsPerTargetGroup;
  const read = port.group.ok ? port.group.value.targets : undefined;
  if (max === undefined || !read?.ok) return [];
  const more = newTargets(subject, port).length;
  const used = read.value.length + pendingTargets(subject, port.arn).length;
  if (more === 0 || used + more <= max) return [];
  const own = cluster === subject.joining;
  // A slice with a negative end: the reconcile panics (`pkg/targetgroupbinding/resource_manager.go`, getMaxNewTargets).
  const what =
    own && used <= max
      ? `registers only ${max - used} of them`
      : own
        ? 'fails in each reconcile that has something to register'
        : 'then fails in each reconcile that has something to register';
  return [
    {
      message: `The controller of ${cluster.context} has --max-targets-per-target-group=${max}, which counts the targets of all clusters. The target group of port ${port.port} has ${used}, and this join adds ${more}: the controller ${what}.`,
      about: { cluster: cluster.context, port: port.port },
      hints: [
        kubectlHint(
          { context: cluster.context, namespace: deployment.namespace },
          'edit',
          `deployment/${deployment.name}`,
        ),
      ],
    },
  ];
}

/** The record of a binding, which has all endpoints: `pkg/targetgroupbinding/multicluster_manager.go`. */
function recordLimit(subject: JoinCase, port: JoinPort): readonly Wrong[] {
  const entries = port.eligible.ok ? port.eligible.value : [];
  const bytes = entries.reduce(
    (sum, { target }) => sum + `${target.id}:${target.port}`.length + 1,
    'targets'.length - 1,
  );
  if (bytes <= recordBytes) return [];
  return [
    {
      message: `The controller records its targets in one ConfigMap of at most ${recordBytes} bytes. The ${count(entries.length, 'endpoint')} of port ${port.port} need ${bytes}.`,
      about: { ...aboutLocal(subject), port: port.port },
      hints: [advice('Split the Service into several.')],
    },
  ];
}

const certain = check<JoinCase>('target-limit', 'blocker', (subject) => {
  const { ports, observed, joining } = subject;
  const [first] = ports;
  if (!first) return undefined;
  const over = loadsOf(subject).filter((load) => load.told && after(load) > load.limit);
  return [
    ...over.map((load) => ({
      message: `AWS would refuse the targets: ${numbers(load)}; ${limitText(load)}.`,
      about: { ...aboutLocal(subject), request: load.what },
      hints: moreHints(first),
    })),
    ...ports.flatMap((port) => [
      ...recordLimit(subject, port),
      ...observed.clusters
        .filter((cluster) => cluster === joining || bindingsOf(cluster, port.arn).length > 0)
        .flatMap((cluster) =>
          (cluster.controller.ok ? cluster.controller.value.deployments : []).flatMap(
            (deployment) => ownLimit(subject, port, cluster, deployment),
          ),
        ),
    ]),
  ];
});

/** Nine tenths of a limit: rollouts need room for new pods while old ones drain. */
const isNear = (load: Load): boolean => load.more > 0 && after(load) > load.limit * 0.9;

const near = check<JoinCase>('target-limit-near', 'caution', (subject) => {
  const [first] = subject.ports;
  if (!first) return undefined;
  return loadsOf(subject)
    .filter((load) => isNear(load) && !(load.told && after(load) > load.limit))
    .map((load): Wrong => {
      const left = load.limit - after(load);
      const base = {
        about: { ...aboutLocal(subject), request: load.what },
        hints: moreHints(first),
      };
      return left < 0
        ? {
            ...base,
            message: `${numbers(load)}; ${limitText(load)}. If it was not raised, AWS refuses the targets.`,
            grave: true,
          }
        : { ...base, message: `${numbers(load)}; ${limitText(load)}. ${left} would be left.` };
    });
});

/** Limits of AWS and of the controllers, with the numbers after the join. */
export const limitChecks: readonly Check<JoinCase>[] = [certain, near];
