import { advice, type Hint, kubectlHint, noted } from '../model/hint.ts';
import { nameText } from '../model/kubernetes.ts';
import type { Member } from '../observed/member.ts';
import type { Problem } from '../model/problem.ts';
import { count } from '../model/words.ts';

/**
 * The Deployment that a pod's name tells of: its hash has a digit, nearly always. Undefined where
 * the name has another form; a word of a DaemonSet's name must not count as a hash.
 */
const deploymentOf = (pod: string | undefined): string | undefined =>
  /^(.+)-(?=[a-z0-9]*\d)[a-z0-9]{6,10}-[a-z0-9]{5}$/.exec(pod ?? '')?.[1];

/**
 * What is known of a controller that uses an outdated list of targets, and the cure that always
 * works. It writes the whole set, before it registers, as soon as there is an endpoint that is not
 * registered yet. So one pod more is enough. A deleted pod is not: it is untracked when it goes,
 * stays registered, and would leak. Nor is a restart of the controller: its checkpoint still
 * matches, so it reconciles only half an hour later, and corrects no set that it finds.
 */
export function staleCure(member: Member, missing: readonly string[]): Problem {
  const { cluster, binding, eligible, tracked } = member;
  const where = { context: cluster.context, namespace: binding.namespace };
  const pods = eligible.ok ? eligible.value : [];
  const deployment = deploymentOf(pods.find(({ pod }) => pod !== undefined)?.pod);
  const what =
    tracked.ok && tracked.value.kind === 'missing'
      ? 'has not written its ConfigMap'
      : `does not track ${count(missing.length, 'own registered endpoint')}`;
  const hint: Hint =
    binding.targetType === 'instance'
      ? advice(
          `Add one node to ${cluster.context}: the controller writes the whole set when it registers the node.`,
        )
      : deployment === undefined
        ? noted(
            kubectlHint(where, 'get', 'deployments'),
            `then scale the Deployment behind Service ${binding.serviceName} up by one pod`,
          )
        : kubectlHint(where, 'scale', `deployment/${deployment}`, `--replicas=${pods.length + 1}`);
  return {
    code: 'tracking-stale',
    message: `The controller of ${cluster.context} uses an outdated list of targets. It ${what} for ${nameText(binding)}, and does so only when it registers a new ${binding.targetType === 'instance' ? 'node' : 'pod'}.`,
    hints: [hint],
    details: missing,
    about: {
      cluster: cluster.context,
      binding: { namespace: binding.namespace, name: binding.name },
    },
  };
}
