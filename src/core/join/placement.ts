import {
  check,
  skipped,
  type Check,
  type Finding,
  type Wrong,
  skippedUnread,
} from '../plan/check.ts';
import { awsHint, kubectlHint, noted, type ToolHint } from '../model/hint.ts';
import { selectedNodes } from '../observed/eligibility.ts';
import { peerGroups } from '../model/backend-group.ts';
import { scaledToZero } from '../observed/behind-service.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { nameText } from '../model/kubernetes.ts';
import type { JoinCase } from './join-case.ts';
import { memberOf } from '../observed/member.ts';
import type { About } from '../model/problem.ts';
import { targetKey, targetText, trackedKeys } from '../model/target-key.ts';
import { count, listed } from '../model/words.ts';

const podsOf = ({ secondary, localService }: JoinCase): ToolHint =>
  kubectlHint(
    { context: secondary.context, namespace: localService.namespace },
    'get',
    'pods',
    '-o',
    'wide',
  );

const about = ({ secondary, localService: { namespace, name } }: JoinCase): About => ({
  cluster: secondary.context,
  service: { namespace, name },
});

/** A Service that does not exist yet has no endpoints to check: that is not a pass either. */
const unmade = ({ localService }: JoinCase): Extract<Finding, { kind: 'skip' }> =>
  skipped(`Service ${nameText(localService)} does not exist yet.`);

const ownAddresses = check<JoinCase>('overlapping-addresses', 'blocker', (subject) => {
  const { observed, ports, secondary, toBeCreated } = subject;
  if (toBeCreated) return unmade(subject);
  return ports.flatMap(({ port, primary, eligible, ours }): readonly Wrong[] => {
    // When the cluster has joined already, verify reports this: a second join makes nothing worse.
    if (ours.length > 0 || !eligible.ok) return [];
    const owner = new Map<string, string>();
    for (const cluster of observed.clusters) {
      if (cluster === secondary) continue;
      for (const binding of bindingsOf(cluster, primary.binding.targetGroupArn)) {
        const { tracked, eligible: theirs } = memberOf(observed, cluster, binding);
        for (const key of tracked.ok ? trackedKeys(tracked.value) : [])
          owner.set(key, cluster.context);
        for (const { target } of theirs.ok ? theirs.value : [])
          owner.set(targetKey(target), cluster.context);
      }
    }
    const both = eligible.value.filter(({ target }) => owner.has(targetKey(target)));
    const [first] = both;
    if (!first) return [];
    const other = owner.get(targetKey(first.target));
    return [
      {
        message: `${count(both.length, 'endpoint')} of ${secondary.context} on port ${port} ${both.length === 1 ? 'has' : 'have'} the address of a target of ${other}: a target can belong to one cluster only.`,
        about: { ...about(subject), port },
        hints: [podsOf(subject)],
        details: both.map(({ target, pod }) => `${targetText(target)} ${pod ?? ''}`.trim()),
        saves: both.length,
      },
    ];
  });
});

const capacity = check<JoinCase>('no-endpoints', 'caution', (subject) => {
  const { ports, localService, secondary, toBeCreated } = subject;
  if (toBeCreated) return unmade(subject);
  const empty = ports.filter(({ eligible }) => eligible.ok && eligible.value.length === 0);
  if (empty.length === 0) return undefined;
  const zero = scaledToZero(secondary);
  return {
    message: `Service ${nameText(localService)} in ${secondary.context} has no eligible endpoint on port ${listed(empty.map(({ port }) => String(port)))}: ${zero ? `${zero.why}, so it` : 'it'} would join without capacity.`,
    about: about(subject),
    hints: zero?.hints ?? [podsOf(subject)],
  };
});

const servedZones = check<JoinCase>('zone-not-served', 'caution', (subject) => {
  const { observed, ports, secondary, toBeCreated } = subject;
  if (toBeCreated) return unmade(subject);
  const balancer = observed.loadBalancer;
  if (!balancer.ok) return skippedUnread(balancer.problem);
  const { zones, name } = balancer.value;
  const outside = ports
    .flatMap(({ eligible }) => (eligible.ok ? eligible.value : []))
    .filter(({ zone }) => zone !== undefined && !zones.includes(zone));
  const names = [...new Set(outside.map(({ zone }) => zone ?? ''))];
  if (names.length === 0 || zones.length === 0) return undefined;
  const one = outside.length === 1;
  return {
    message: `${count(outside.length, 'endpoint')} of ${secondary.context} ${one ? 'is' : 'are'} in ${listed(names)}, which load balancer ${name} does not serve (it serves ${listed(zones)}). AWS will not use ${one ? 'it' : 'them'}.`,
    about: about(subject),
    hints: [podsOf(subject)],
    details: outside.map(({ target, zone }) => `${targetText(target)} in ${zone}`),
  };
});

const samePort = check<JoinCase>('health-check-node-port', 'caution', (subject) => {
  const { ports, service, localService, secondary } = subject;
  // With externalTrafficPolicy Local the controller checks health on the primary's own node port
  // (`pkg/service/model_build_target_group.go`), and on no other anywhere.
  if (service.externalTrafficPolicy !== 'Local') return undefined;
  const wanted = ports
    .flatMap(({ group }) => (group.ok && group.value.targetType === 'instance' ? group.value : []))
    .map(({ healthCheck }) => Number(healthCheck.port))
    .find((port) => Number.isInteger(port));
  if (wanted === undefined || localService.healthCheckNodePort === wanted) return undefined;
  const edit = kubectlHint(
    { context: secondary.context, namespace: localService.namespace },
    'edit',
    'service',
    localService.name,
  );
  return {
    message: `The target group checks health on node port ${wanted}, the primary's (externalTrafficPolicy: Local), and Service ${nameText(localService)} in ${secondary.context} has ${localService.healthCheckNodePort ?? 'none'}. Its targets would be unhealthy.`,
    about: about(subject),
    hints: [
      noted(edit, 'healthCheckNodePort needs type LoadBalancer and externalTrafficPolicy Local'),
    ],
  };
});

const selectedNode = check<JoinCase>('node-selector-empty', 'caution', ({ ports, secondary }) => {
  const binding = ports
    .map(({ primary }) => primary.binding)
    .find(({ targetType, nodeSelector }) => targetType === 'instance' && nodeSelector);
  if (!binding) return undefined;
  if (!secondary.nodes?.ok) return skipped(`The nodes of ${secondary.context} were not read.`);
  if (selectedNodes(binding, secondary.nodes.value).length > 0) return undefined;
  return {
    message: `The node selector of ${nameText(binding)}, ${JSON.stringify(binding.nodeSelector)}, selects no node of ${secondary.context}.`,
    about: { cluster: secondary.context },
    hints: [kubectlHint({ context: secondary.context }, 'get', 'nodes', '--show-labels')],
  };
});

const attachedPeers = check<JoinCase>(
  'peer-not-attached',
  'caution',
  ({ observed, ports, primary }) => {
    const balancer = observed.loadBalancer;
    if (!balancer.ok) return skippedUnread(balancer.problem);
    const { arn, name, securityGroupIds } = balancer.value;
    const loose = [...new Set(ports.flatMap((port) => peerGroups(port.primary.binding)))].filter(
      (id) => !securityGroupIds.includes(id),
    );
    if (loose.length === 0) return undefined;
    const query = 'LoadBalancers[].SecurityGroups';
    return {
      message: `The bindings of ${primary.context} allow security group ${listed(loose)}, but load balancer ${name} does not have that group. Its traffic would be blocked.`,
      about: { cluster: primary.context },
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
  samePort,
  selectedNode,
  attachedPeers,
];
