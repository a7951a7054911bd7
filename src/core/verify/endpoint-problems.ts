import { kubectl, targetsCommand } from '../model/commands.ts';
import type { EligibleTarget } from '../observed/eligibility.ts';
import { nameText } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/kubernetes.ts';
import { isRegistered, type Member } from '../observed/member.ts';
import type { Part, PortCase } from '../observed/port-case.ts';
import type { Problem } from '../model/problem.ts';
import { staleCure } from '../progress/stale-cure.ts';
import type { RegisteredTarget } from '../model/target.ts';
import { targetKey, targetText } from '../model/target-key.ts';
import { targetWords, type TargetWords } from '../model/target-words.ts';
import { listed } from '../model/words.ts';

/** Whether the controller of a cluster is known to be down: then nothing is on its way. */
export const isControllerDown = ({ controller }: ClusterView): boolean =>
  controller.ok &&
  controller.value.deployments.length > 0 &&
  controller.value.deployments.every(({ readyReplicas }) => readyReplicas === 0);

/** The binding with its events: what its controller says of it. */
const describeBinding = ({ cluster, binding }: Member): string =>
  kubectl(
    { context: cluster.context, namespace: binding.namespace },
    'describe',
    'targetgroupbinding',
    binding.name,
  );

/** Another binding whose ConfigMap lists a live endpoint of this one: an address was used again. */
const claimant = (key: string, own: Part, parts: readonly Part[]): Member | undefined =>
  parts.find((other) => other !== own && other.tracked.has(key))?.member;

type Found = RegisteredTarget | undefined;
type Endpoint = Pick<EligibleTarget, 'target' | 'pod' | 'zone'>;

/** An endpoint as the sentences about it begin. */
export const endpointName = ({ target, pod }: Endpoint, { cluster }: Member): string =>
  `${targetText(target)}${pod === undefined ? '' : ` (pod ${pod})`} of ${cluster.context}`;

function unregistered(endpoint: Endpoint, found: Found, part: Part, context: PortCase): Problem {
  const { member } = part;
  const { cluster, binding } = member;
  const key = targetKey(endpoint.target);
  const name = endpointName(endpoint, member);
  const about = { cluster: cluster.context };
  const other = claimant(key, part, context.parts);
  if (other) {
    const { pod } = endpoint;
    return {
      code: 'endpoint-unregistered',
      message: `${name} is not registered, and ${nameText(other.binding)} in ${other.cluster.context} lists that address as its own: it was a pod's there before, and its controller deregistered it.`,
      hint:
        pod === undefined
          ? describeBinding(other)
          : kubectl(
              { context: cluster.context, namespace: binding.namespace },
              'delete',
              'pod',
              pod,
            ),
      ...about,
    };
  }
  if (part.tracked.has(key)) {
    // Recorded, so the controller takes it for registered and looks again only hours later; and
    // it will deregister it in its time, so that registering it by hand leaves nothing behind.
    return {
      code: 'endpoint-unregistered',
      message: `${name} is tracked and not registered: ${found ? 'it was deregistered and is draining, and its controller does not notice for hours' : 'it was deregistered by somebody, or AWS refuses it'}.`,
      hint: `${targetsCommand('register', context.arn, [endpoint.target])}\n${describeBinding(member)}`,
      ...about,
    };
  }
  if (isControllerDown(cluster)) {
    return {
      code: 'endpoint-unregistered',
      message: `${name} is not registered, and no controller is there to do it.`,
      ...about,
    };
  }
  return {
    code: 'target-converging',
    message: `${name} is not registered yet.`,
    hint: describeBinding(member),
    ...about,
  };
}

/** AWS gives one reason for two cases; which of them it is shows in the zones. */
function wordsFor(
  found: RegisteredTarget,
  { zone }: Endpoint,
  { observed: { loadBalancer } }: PortCase,
): TargetWords {
  const words = targetWords(found);
  const zones = loadBalancer.ok ? loadBalancer.value.zones : [];
  const away = zone !== undefined && zones.length > 0 && !zones.includes(zone);
  if (found.reason !== 'Target.NotInUse' || !away) return words;
  return {
    ...words,
    text: `is in zone ${zone}, and the load balancer serves ${listed(zones)} only (${found.state}, ${found.reason})`,
  };
}

/** Why an eligible endpoint does not count as serving; none: it is tracked, registered, healthy. */
export function endpointProblems(
  endpoint: Endpoint,
  part: Part,
  context: PortCase,
): readonly Problem[] {
  const { member } = part;
  const key = targetKey(endpoint.target);
  const found = context.registered.get(key);
  // Nearly all of thousands end here: nothing is put into words for them.
  if (found?.state === 'healthy' && part.tracked.has(key)) return [];
  if (!found || !isRegistered(found)) return [unregistered(endpoint, found, part, context)];
  const name = endpointName(endpoint, member);
  const about = { cluster: member.cluster.context };
  const problems: Problem[] = [];
  if (!part.tracked.has(key)) {
    const other = claimant(key, part, context.parts);
    const cure = staleCure(member, []).hint;
    problems.push({
      code: 'endpoint-untracked',
      message: other
        ? `${name} is tracked by ${nameText(other.binding)} in ${other.cluster.context} and not by its own binding: that one deregisters it at its next change.`
        : `${name} is registered and not tracked: it would stay registered when the pod is gone.`,
      ...(cure === undefined ? {} : { hint: cure }),
      ...about,
    });
  }
  if (found.state !== 'healthy') {
    const words = wordsFor(found, endpoint, context);
    problems.push({
      code: found.state === 'initial' ? 'target-converging' : 'target-unhealthy',
      message: `${name} ${words.text}.`,
      ...(words.hint === undefined ? {} : { hint: words.hint }),
      ...about,
    });
  }
  return problems;
}

/**
 * What to say of a target that a binding tracks and that has no endpoint any more; undefined where
 * it is out of the target group, or an endpoint or record of another binding (contested).
 */
export function goneProblem(key: string, part: Part, context: PortCase): Problem | undefined {
  const found = context.registered.get(key);
  if (!found || !isRegistered(found)) return undefined;
  const others = context.parts.filter((other) => other !== part);
  if (others.some(({ tracked, eligible }) => tracked.has(key) || eligible.has(key))) {
    return undefined;
  }
  const { cluster } = part.member;
  const then = isControllerDown(cluster)
    ? 'no controller is there to deregister it'
    : 'the controller is about to deregister it';
  return {
    code: 'target-converging',
    message: `${targetText(found.target)} of ${cluster.context} is tracked and registered, and its endpoint is gone: ${then}.`,
    hint: describeBinding(part.member),
    cluster: cluster.context,
  };
}
