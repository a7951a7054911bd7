import {
  check,
  skipped,
  type Check,
  type Finding,
  type Wrong,
  skippedUnread,
} from '../plan/check.ts';
import { awsHint, kubectlHint, type ToolHint } from '../model/hint.ts';
import { selectedNodes } from '../observed/eligibility.ts';
import { peerGroups } from '../model/backend-group.ts';
import { scaledToZero } from '../observed/behind-service.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { nameText, serviceOf } from '../model/kubernetes.ts';
import { isElsewhere } from './endpoint-vpc.ts';
import { aboutLocal, type JoinCase } from './join-port.ts';
import { memberOf } from '../observed/member.ts';
import { clustersKnown } from '../observed/recorded.ts';
import { targetKey, targetText, trackedKeys } from '../model/target-key.ts';
import { count, listed } from '../model/words.ts';

const podsOf = ({ joining, localService }: JoinCase): ToolHint =>
  kubectlHint(
    { context: joining.context, namespace: localService.namespace },
    'get',
    'pods',
    '-o',
    'wide',
  );

/** A Service that does not exist yet has no endpoints to check: that is not a pass either. */
const unmade = ({ localService }: JoinCase): Extract<Finding, { kind: 'skip' }> =>
  skipped(`Service ${nameText(localService)} does not exist yet.`);

const ownAddresses = check<JoinCase>('overlapping-addresses', 'blocker', (subject) => {
  const { observed, ports, joining, toBeCreated } = subject;
  if (toBeCreated) return unmade(subject);
  return ports.flatMap(({ port, arn, eligible, ours }): readonly Wrong[] => {
    // When the cluster has joined already, verify reports this: a second join makes nothing worse.
    if (ours.length > 0 || !eligible.ok) return [];
    const owner = new Map<string, string>();
    for (const cluster of clustersKnown(observed)) {
      for (const binding of bindingsOf(cluster, arn)) {
        const { tracked, eligible: theirs } = memberOf(observed, cluster, binding);
        // Two records of one controller would deregister each other's targets, too.
        const whose =
          cluster === joining
            ? `Service ${nameText(serviceOf(binding))} in the same cluster`
            : cluster.context;
        for (const key of tracked.ok ? trackedKeys(tracked.value) : []) owner.set(key, whose);
        for (const { target } of theirs.ok ? theirs.value : []) owner.set(targetKey(target), whose);
      }
    }
    const both = eligible.value.filter(({ target }) => owner.has(targetKey(target)));
    const [first] = both;
    if (!first) return [];
    const other = owner.get(targetKey(first.target));
    return [
      {
        message: `${count(both.length, 'endpoint')} of ${joining.context} on port ${port} ${both.length === 1 ? 'has' : 'have'} the address of a target of ${other}: a target can belong to one member only.`,
        about: { ...aboutLocal(subject), port },
        hints: [podsOf(subject)],
        details: both.map(({ target, pod }) => `${targetText(target)} ${pod ?? ''}`.trim()),
        saves: both.length,
      },
    ];
  });
});

const capacity = check<JoinCase>('no-endpoints', 'caution', (subject) => {
  const { ports, localService, joining, toBeCreated } = subject;
  if (toBeCreated) return unmade(subject);
  const empty = ports.filter(({ eligible }) => eligible.ok && eligible.value.length === 0);
  if (empty.length === 0) return undefined;
  const zero = scaledToZero(joining);
  return {
    message: `Service ${nameText(localService)} in ${joining.context} has no eligible endpoint on port ${listed(empty.map(({ port }) => String(port)))}: ${zero ? `${zero.why}, so it` : 'it'} would join without capacity.`,
    about: aboutLocal(subject),
    hints: zero?.hints ?? [podsOf(subject)],
  };
});

const servedZones = check<JoinCase>('zone-not-served', 'caution', (subject) => {
  const { observed, ports, joining, toBeCreated } = subject;
  if (toBeCreated) return unmade(subject);
  const balancer = observed.loadBalancer;
  if (!balancer.ok) return skippedUnread(balancer.problem);
  const { zones, name } = balancer.value;
  const outside = ports
    .flatMap(({ eligible }) => (eligible.ok ? eligible.value : []))
    .filter(({ zone }) => zone !== undefined && !zones.includes(zone))
    // A target of another VPC gets its traffic from every zone (zone `all`).
    .filter(({ target }) => !isElsewhere(subject, target));
  const names = [...new Set(outside.map(({ zone }) => zone ?? ''))];
  if (names.length === 0 || zones.length === 0) return undefined;
  const one = outside.length === 1;
  return {
    message: `${count(outside.length, 'endpoint')} of ${joining.context} ${one ? 'is' : 'are'} in ${listed(names)}, which load balancer ${name} does not serve (it serves ${listed(zones)}). AWS will not use ${one ? 'it' : 'them'}.`,
    about: aboutLocal(subject),
    hints: [podsOf(subject)],
    details: outside.map(({ target, zone }) => `${targetText(target)} in ${zone}`),
  };
});

const selectedNode = check<JoinCase>('node-selector-empty', 'caution', ({ ports, joining }) => {
  const binding = ports
    .flatMap(({ pattern }) => pattern?.binding ?? [])
    .find(({ targetType, nodeSelector }) => targetType === 'instance' && nodeSelector);
  if (!binding) return undefined;
  if (!joining.nodes?.ok) return skipped(`The nodes of ${joining.context} were not read.`);
  if (selectedNodes(binding, joining.nodes.value).length > 0) return undefined;
  return {
    message: `The node selector of ${nameText(binding)}, ${JSON.stringify(binding.nodeSelector)}, selects no node of ${joining.context}.`,
    about: { cluster: joining.context },
    hints: [kubectlHint({ context: joining.context }, 'get', 'nodes', '--show-labels')],
  };
});

const attachedPeers = check<JoinCase>(
  'peer-not-attached',
  'caution',
  ({ observed, ports, joining }) => {
    const balancer = observed.loadBalancer;
    if (!balancer.ok) return skippedUnread(balancer.problem);
    const { arn, name, securityGroupIds } = balancer.value;
    const patterns = ports.flatMap(({ pattern }) => pattern ?? []);
    const loose = [...new Set(patterns.flatMap(({ binding }) => peerGroups(binding)))].filter(
      (id) => !securityGroupIds.includes(id),
    );
    if (loose.length === 0) return undefined;
    const context = patterns[0]?.cluster.context ?? joining.context;
    const query = 'LoadBalancers[].SecurityGroups';
    return {
      message: `The bindings of ${context} allow security group ${listed(loose)}, but load balancer ${name} does not have that group. Its traffic would be blocked.`,
      about: { cluster: context },
      hints: [
        awsHint(['elbv2', 'describe-load-balancers', '--names', name, '--query', query], arn),
      ],
    };
  },
);

/** Whether the endpoints of the cluster that joins can be reached, are its own, and are there. */
export const placementChecks: readonly Check<JoinCase>[] = [
  ownAddresses,
  capacity,
  servedZones,
  selectedNode,
  attachedPeers,
];
