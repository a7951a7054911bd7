import { advice, describeHint, type Hint, kubectlHint } from '../model/hint.ts';
import { repairHint, verifyHint } from '../model/nlbmc-hints.ts';
import { clusterNames } from '../model/cluster-name.ts';
import type { EligibleTarget } from '../observed/eligibility.ts';
import type { Finding } from './finding.ts';
import { nameText } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/kubernetes.ts';
import { isRegistered, type Member } from '../observed/member.ts';
import type { Part, PortCase } from '../observed/port-case.ts';
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
type Endpoint = Pick<EligibleTarget, 'target' | 'pod' | 'zone'>;

/** The same command over the clusters that were listed, with the other name of the local Service. */
export const overListed = (
  { observed }: Pick<PortCase, 'observed'>,
  hint: typeof verifyHint,
  ...more: Parameters<typeof verifyHint> extends [unknown, unknown, ...infer M] ? M : never
): Hint => {
  const { clusters, service, primary } = observed;
  const other = clusters.find(({ context, localService }) => {
    const same = localService.name === service.name && localService.namespace === service.namespace;
    return !same && context !== primary;
  });
  const contexts = clusters.map(({ context }) => context);
  const names = other ? { service, localService: other.localService } : { service };
  return hint(names, contexts, ...more);
};

const describeBinding = ({ cluster, binding }: Member): Hint =>
  describeHint(cluster.context, 'targetgroupbinding', binding);

const waiting = (context: PortCase): readonly Hint[] => [
  overListed(context, verifyHint, { wait: true }),
];

/** Only a binding that shares, and whose kind of controller was tested, is mended by a repair. */
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
    // Recorded, so the controller takes it for registered and reconciles again only hours later.
    const how = found ? 'somebody deregistered it, and it drains' : 'somebody deregistered it';
    const hint = isRepairable(member) ? overListed(context, repairHint) : describeBinding(member);
    return {
      ...base,
      code: 'endpoint-unregistered',
      cause: 'deregistered',
      one: `is tracked and not registered: ${how}, or AWS refuses it, and its controller does not notice for hours`,
      many: `are tracked and not registered: somebody deregistered them, or AWS refuses them, and the controller does not notice for hours`,
      hints: isControllerDown(cluster) ? [] : [hint],
    };
  }
  if (isControllerDown(cluster)) {
    return {
      ...base,
      code: 'endpoint-unregistered',
      cause: 'controller down',
      one: 'is not registered, and no controller runs that could register it',
      many: 'are not registered, and no controller runs that could register them',
      hints: [],
    };
  }
  return {
    ...base,
    code: 'target-converging',
    cause: 'registering',
    one: 'is not registered yet',
    many: 'are not registered yet',
    hints: waiting(context),
  };
}

/** AWS gives one reason for two cases; which of them it is shows in the zones. */
function stateFinding(
  found: RegisteredTarget,
  { target, pod, zone }: Endpoint,
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
  const hints =
    found.state === 'initial' ? waiting(context) : words.hint === undefined ? [] : [words.hint];
  return { ...base, one: words.text, many: `are ${found.state}: each ${words.text}`, hints };
}

/** Whether a load balancer uses the target group; also where that could not be read. */
export const isForwarded = ({ observed, arn }: Pick<PortCase, 'observed' | 'arn'>): boolean => {
  const group = observed.targetGroups[arn];
  return !group?.ok || group.value.loadBalancerArns.length > 0;
};

/** Why an eligible endpoint does not count as serving; none: it is tracked, registered, healthy. */
export function endpointFindings(
  endpoint: Endpoint,
  part: Part,
  context: PortCase,
): readonly Finding[] {
  const { member } = part;
  const key = targetKey(endpoint.target);
  const found = context.registered.get(key);
  // Nearly all of thousands end here: nothing is put into words for them.
  if (found?.state === 'healthy' && part.tracked.has(key)) return [];
  if (!found || !isRegistered(found)) return [unregistered(endpoint, found, part, context)];
  const { target, pod } = endpoint;
  const findings: Finding[] = [];
  if (!part.tracked.has(key)) {
    const other = claimant(key, part, context.parts);
    const where = other && `${nameText(other.binding)} in ${other.cluster.context}`;
    const text = where
      ? `tracked by ${where} and not by the own binding, so that controller deregisters what it tracks there when its endpoints change`
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
  const state = found.state === 'healthy' ? undefined : stateFinding(found, endpoint, context);
  return state ? [...findings, state] : findings;
}

/** The cluster that EC2 names for an address that a binding only tracks, where it is another one. */
function otherOwner(found: RegisteredTarget, part: Part, context: PortCase): string | undefined {
  const names = clusterNames(part.member.cluster);
  const evidence = context.observed.owners[found.target.id];
  const owner = evidence?.ok && !evidence.value.gone ? evidence.value.cluster : undefined;
  return owner === undefined || names.length === 0 || names.includes(owner) ? undefined : owner;
}

/**
 * What to say of a target that a binding tracks and that has no endpoint any more; undefined where
 * it is out of the target group, or an endpoint or record of another binding (contested).
 */
export function goneFinding(key: string, part: Part, context: PortCase): Finding | undefined {
  const found = context.registered.get(key);
  if (!found || !isRegistered(found)) return undefined;
  const others = context.parts.filter((other) => other !== part);
  if (others.some(({ tracked, eligible }) => tracked.has(key) || eligible.has(key))) {
    return undefined;
  }
  const { target } = found;
  const { member } = part;
  const owner = otherOwner(found, part, context);
  if (owner !== undefined) {
    const clusters = context.observed.clusters.map(({ context: one }) => one);
    const text = `tracked here without an endpoint, and EC2 gives the address to cluster ${owner}: the controller of ${member.cluster.context} deregisters it when its endpoints change`;
    const hint = verifyHint({ service: context.observed.service }, [
      ...clusters,
      { clusterName: owner },
    ]);
    return {
      code: 'target-contested',
      cause: owner,
      target,
      one: `is ${text}`,
      many: `are ${text}`,
      hints: isListed(owner, context) ? [describeBinding(member)] : [hint],
    };
  }
  if (isControllerDown(member.cluster)) {
    const text = 'still registered without an endpoint, and no controller runs that could';
    return {
      code: 'endpoint-gone',
      cause: 'controller down',
      target,
      one: `is ${text} deregister it`,
      many: `are ${text} deregister them`,
      hints: [],
    };
  }
  return {
    code: 'target-converging',
    cause: 'deregistering',
    target,
    one: 'is tracked and registered, and its endpoint is gone: the controller is about to deregister it',
    many: 'are tracked and registered, and their endpoints are gone: the controller is about to deregister them',
    hints: waiting(context),
  };
}

const isListed = (owner: string, { observed }: PortCase): boolean =>
  observed.clusters.some((cluster) => clusterNames(cluster).includes(owner));
