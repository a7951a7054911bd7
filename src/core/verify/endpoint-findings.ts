import { advice, describeBindingHint, type Hint, kubectlHint } from '../model/hint.ts';
import { repairHint, verifyHint } from '../model/nlbmc-hints.ts';
import type { EligibleTarget } from '../observed/eligibility.ts';
import type { Finding } from './finding.ts';
import { nameText } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { askedNames } from '../observed/asked-names.ts';
import { unlistened } from '../observed/listened.ts';
import { isRegistered, type Member } from '../observed/member.ts';
import { primaryIn } from '../observed/owner.ts';
import type { Part, PortCase } from '../observed/port-case.ts';
import { stalledHints, stalledMinutes, stalledText } from './stalled.ts';
import { staleCure } from '../progress/stale-cure.ts';
import type { RegisteredTarget } from '../model/target.ts';
import { targetKey } from '../model/target-key.ts';
import { targetWords } from '../model/target-words.ts';
import { listed } from '../model/words.ts';

/** Whether the controller of a cluster is known to be down: then nothing is on its way. */
export const isControllerDown = ({ controller }: ClusterView): boolean =>
  controller.ok &&
  controller.value.deployments.length > 0 &&
  controller.value.deployments.every(({ readyReplicas }) => readyReplicas === 0);

/** Another binding whose ConfigMap lists a live endpoint of this one: an address was used again. */
const claimant = (key: string, own: Part, parts: readonly Part[]): Member | undefined =>
  parts.find((other) => other !== own && other.tracked.has(key))?.member;

type Found = RegisteredTarget | undefined;
type Endpoint = Pick<EligibleTarget, 'target' | 'pod' | 'zone' | 'since'>;

/** The same command over the clusters that were listed, with the other name of the local Service. */
export const overListed = (
  { observed }: Pick<PortCase, 'observed'>,
  hint: typeof verifyHint,
  ...more: Parameters<typeof verifyHint> extends [unknown, unknown, ...infer M] ? M : never
): Hint => {
  const contexts = observed.clusters.map(({ context }) => context);
  return hint(askedNames(observed), contexts, ...more);
};

/** What a cluster has to say of the binding. */
export const describeBinding = ({ cluster, binding }: Member): Hint =>
  describeBindingHint(cluster.context, binding);

/** What waits for it, over the clusters that were listed; after that, what to look at instead. */
export const waiting = (context: PortCase, then: Hint): readonly Hint[] => [
  context.intent.waited ? then : overListed(context, verifyHint, { wait: true }),
];

/** Only a binding that shares, and whose kind of controller was tested, is repaired by `repair`. */
const isRepairable = ({ binding }: Member): boolean =>
  binding.multiCluster && !binding.terminating && binding.flavour === 'lbc';

function unregistered(endpoint: Endpoint, found: Found, part: Part, context: PortCase): Finding {
  const { member } = part;
  const { cluster, binding } = member;
  const key = targetKey(endpoint.target);
  const { target, pod } = endpoint;
  const base = { target, ...(pod === undefined ? {} : { pod }) };
  const other = claimant(key, part, context.parts);
  if (other) {
    const where = `${nameText(other.binding)} in ${other.cluster.context}`;
    const why = `a pod there had that address before, and its controller deregistered it`;
    return {
      ...base,
      code: 'endpoint-unregistered',
      cause: `claimed by ${where}`,
      one: `is not registered, and ${where} tracks that address: ${why}`,
      many: `are not registered, and ${where} tracks their addresses: ${why}`,
      hints: [
        pod === undefined
          ? describeBinding(other)
          : kubectlHint(
              { context: cluster.context, namespace: binding.namespace },
              'delete',
              'pod',
              pod,
            ),
      ],
    };
  }
  if (part.tracked.has(key)) {
    // Recorded, so the controller treats it as registered and reconciles again only hours later.
    const how = found ? 'somebody deregistered it, and it drains' : 'somebody deregistered it';
    const hint = isRepairable(member) ? overListed(context, repairHint) : describeBinding(member);
    return {
      ...base,
      code: 'endpoint-unregistered',
      cause: 'deregistered',
      one: `is tracked but not registered: ${how}, or AWS refuses it. Its controller does not notice this for hours`,
      many: `are tracked but not registered: somebody deregistered them, or AWS refuses them. The controller does not notice this for hours`,
      hints: isControllerDown(cluster) ? [] : [hint],
    };
  }
  if (isControllerDown(cluster)) {
    return {
      ...base,
      code: 'endpoint-unregistered',
      cause: 'controller down',
      one: 'is not registered, and no controller is running to register it',
      many: 'are not registered, and no controller is running to register them',
      hints: [],
    };
  }
  const minutes =
    endpoint.since === undefined
      ? undefined
      : stalledMinutes(member, endpoint.since, context.observed);
  if (minutes !== undefined) {
    return {
      ...base,
      code: 'controller-stalled',
      cause: 'registering',
      one: `is neither tracked nor registered: ${stalledText(minutes)}`,
      many: `are neither tracked nor registered: ${stalledText(minutes)}`,
      hints: stalledHints(member),
    };
  }
  return {
    ...base,
    code: 'target-converging',
    cause: 'registering',
    one: 'is not registered yet',
    many: 'are not registered yet',
    hints: waiting(context, describeBinding(member)),
  };
}

/** AWS gives one reason for two cases; which of them it is shows in the zones. */
function stateFinding(
  found: RegisteredTarget,
  { target, pod, zone }: Endpoint,
  { member }: Part,
  context: PortCase,
): Finding | undefined {
  const { loadBalancer } = context.observed;
  const words = targetWords(found);
  const zones = loadBalancer.ok ? loadBalancer.value.zones : [];
  const away = zone !== undefined && zones.length > 0 && !zones.includes(zone);
  const unused = found.reason === 'Target.NotInUse';
  const code = `(${found.state}${found.reason === undefined ? '' : `, ${found.reason}`})`;
  const base = {
    target,
    ...(pod === undefined ? {} : { pod }),
    code: found.state === 'initial' ? 'target-converging' : 'target-unhealthy',
    cause: `${found.state} ${found.reason ?? ''} ${unused ? (zone ?? '') : ''}`,
  } as const;
  if (unused && away) {
    const text = `in zone ${zone}, which the load balancer does not serve; it serves ${listed(zones)} ${code}`;
    const hint = `Enable zone ${zone} on the load balancer, or run the pods in a zone that it serves.`;
    return { ...base, one: `is ${text}`, many: `are ${text}`, hints: [advice(hint)] };
  }
  if (unused && !isForwarded(context)) {
    // The port has a finding of its own for that, which says what to do.
    return undefined;
  }
  const { cluster, binding } = member;
  const pods = kubectlHint(
    { context: cluster.context, namespace: binding.namespace },
    ...(pod === undefined ? ['get', 'pods'] : ['describe', 'pod', pod]),
  );
  const hints =
    found.state === 'initial'
      ? waiting(context, pods)
      : words.hint === undefined
        ? []
        : [words.hint];
  const rules = withoutRules(found, member);
  return {
    ...base,
    one: `${words.text}${rules}`,
    many: `are ${found.state}: each ${words.text}${rules}`,
    hints,
  };
}

/** A binding without rules leaves the way to the target to another tool, which may not have opened it. */
const withoutRules = ({ state }: RegisteredTarget, { binding }: Member): string =>
  state === 'unhealthy' && binding.networking === undefined
    ? `; ${nameText(binding)} has no spec.networking, so its controller opens no port`
    : '';

/** Whether clients reach the target group by a listener; also where that could not be read. */
export const isForwarded = ({
  observed,
  arn,
  enrollment,
}: Pick<PortCase, 'observed' | 'arn' | 'enrollment'>): boolean =>
  unlistened(observed, arn, primaryIn(enrollment)) === undefined;

/** Whether an eligible endpoint is tracked, registered and healthy. */
export const isServing = (key: string, { tracked }: Part, { registered }: PortCase): boolean =>
  registered.get(key)?.state === 'healthy' && tracked.has(key);

/** Why an eligible endpoint does not count as serving; none: it does. */
export function endpointFindings(
  endpoint: Endpoint,
  part: Part,
  context: PortCase,
): readonly Finding[] {
  const { member } = part;
  const key = targetKey(endpoint.target);
  const found = context.registered.get(key);
  if (isServing(key, part, context)) return [];
  if (!found || !isRegistered(found)) return [unregistered(endpoint, found, part, context)];
  const { target, pod } = endpoint;
  const findings: Finding[] = [];
  const other = part.tracked.has(key) ? undefined : claimant(key, part, context.parts);
  // The controller of an exclusive binding keeps no record, and leaves no target of its own behind.
  if (!part.tracked.has(key) && (other || member.binding.multiCluster)) {
    const where = other && `${nameText(other.binding)} in ${other.cluster.context}`;
    const text = where
      ? `tracked by ${where} and not by its own binding, so the controller of ${where} deregisters it when endpoints change there`
      : 'registered and not tracked: when the pod is gone, the target stays registered';
    findings.push({
      code: 'endpoint-untracked',
      cause: where ?? 'untracked',
      target,
      ...(pod === undefined ? {} : { pod }),
      one: `is ${text}`,
      many: `are ${text}`,
      hints: staleCure(member, []).hints ?? [],
    });
  }
  const state =
    found.state === 'healthy' ? undefined : stateFinding(found, endpoint, part, context);
  return state ? [...findings, state] : findings;
}
