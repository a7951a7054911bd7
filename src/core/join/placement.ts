import { failing, skipped, type Check, type Finding } from '../plan/check.ts';
import { kubectl } from '../model/commands.ts';
import { selectedNodes } from '../observed/eligibility.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { nameText } from '../model/kubernetes.ts';
import type { JoinCase } from './join-case.ts';
import { memberOf } from '../observed/member.ts';
import type { Problem } from '../model/problem.ts';
import { targetKey, targetText, trackedKeys } from '../model/target-key.ts';
import { count, listed } from '../model/words.ts';

const podsOf = ({ secondary, localService }: JoinCase): string =>
  kubectl(
    { context: secondary.context, namespace: localService.namespace },
    'get',
    'pods',
    '-o',
    'wide',
  );

/** A Service that is yet to be made has no endpoints that could be looked at: no pass, either. */
const unmade = ({ localService }: JoinCase): Finding =>
  skipped(`Service ${nameText(localService)} is yet to be made.`);

const ownAddresses: Check<JoinCase> = {
  id: 'overlapping-addresses',
  severity: 'blocker',
  run(subject) {
    const { observed, ports, secondary, toBeCreated } = subject;
    if (toBeCreated) return unmade(subject);
    return failing(
      ports.flatMap(({ port, primary, eligible, ours }): readonly Problem[] => {
        // Joined already, it is for verify to tell: nothing is made worse by saying so again.
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
            code: 'overlapping-addresses',
            message: `${count(both.length, 'endpoint')} of ${secondary.context} on port ${port} ${both.length === 1 ? 'has' : 'have'} the address of a target of ${other}: one target cannot be two.`,
            hint: podsOf(subject),
            details: both.map(({ target, pod }) => `${targetText(target)} ${pod ?? ''}`.trim()),
            cluster: secondary.context,
            saves: both.length,
          },
        ];
      }),
    );
  },
};

const capacity: Check<JoinCase> = {
  id: 'no-endpoints',
  severity: 'caution',
  run(subject) {
    const { ports, localService, secondary, toBeCreated } = subject;
    if (toBeCreated) return unmade(subject);
    const empty = ports.filter(({ eligible }) => eligible.ok && eligible.value.length === 0);
    return failing(
      empty.length === 0
        ? []
        : [
            {
              code: 'no-endpoints',
              message: `Service ${nameText(localService)} in ${secondary.context} has no eligible endpoint on port ${listed(empty.map(({ port }) => String(port)))}: it would join without capacity.`,
              hint: podsOf(subject),
              cluster: secondary.context,
            },
          ],
    );
  },
};

const servedZones: Check<JoinCase> = {
  id: 'zone-not-served',
  severity: 'caution',
  run(subject) {
    const { observed, ports, secondary, toBeCreated } = subject;
    if (toBeCreated) return unmade(subject);
    const balancer = observed.loadBalancer;
    if (!balancer.ok) return skipped(balancer.problem.message);
    const { zones, name } = balancer.value;
    const outside = ports
      .flatMap(({ eligible }) => (eligible.ok ? eligible.value : []))
      .filter(({ zone }) => zone !== undefined && !zones.includes(zone));
    const names = [...new Set(outside.map(({ zone }) => zone ?? ''))];
    return failing(
      names.length === 0 || zones.length === 0
        ? []
        : [
            {
              code: 'zone-not-served',
              message: `${count(outside.length, 'endpoint')} of ${secondary.context} ${outside.length === 1 ? 'is' : 'are'} in ${listed(names)}, which load balancer ${name} does not serve (it serves ${listed(zones)}): AWS will not use ${outside.length === 1 ? 'it' : 'them'}.`,
              hint: podsOf(subject),
              details: outside.map(({ target, zone }) => `${targetText(target)} in ${zone}`),
              cluster: secondary.context,
            },
          ],
    );
  },
};

const samePort: Check<JoinCase> = {
  id: 'health-check-node-port',
  severity: 'caution',
  run(subject) {
    const { ports, service, localService, secondary } = subject;
    // With externalTrafficPolicy Local the controller checks health on the primary's own node port
    // (`pkg/service/model_build_target_group.go`), and on no other anywhere.
    if (service.externalTrafficPolicy !== 'Local') return failing([]);
    const wanted = ports
      .flatMap(({ group }) =>
        group.ok && group.value.targetType === 'instance' ? group.value : [],
      )
      .map(({ healthCheck }) => Number(healthCheck.port))
      .find((port) => Number.isInteger(port));
    if (wanted === undefined || localService.healthCheckNodePort === wanted) return failing([]);
    return failing([
      {
        code: 'health-check-node-port',
        message: `The target group checks health on node port ${wanted}, the primary's (externalTrafficPolicy: Local), and Service ${nameText(localService)} in ${secondary.context} has ${localService.healthCheckNodePort ?? 'none'}: its targets would be unhealthy.`,
        hint: `${kubectl({ context: secondary.context, namespace: localService.namespace }, 'edit', 'service', localService.name)}   # healthCheckNodePort wants type LoadBalancer and externalTrafficPolicy Local`,
        cluster: secondary.context,
      },
    ]);
  },
};

const selectedNode: Check<JoinCase> = {
  id: 'node-selector-empty',
  severity: 'caution',
  run({ ports, secondary }) {
    const binding = ports
      .map(({ primary }) => primary.binding)
      .find(({ targetType, nodeSelector }) => targetType === 'instance' && nodeSelector);
    if (!binding) return failing([]);
    if (!secondary.nodes?.ok) return skipped(`The nodes of ${secondary.context} were not read.`);
    return failing(
      selectedNodes(binding, secondary.nodes.value).length > 0
        ? []
        : [
            {
              code: 'node-selector-empty',
              message: `The node selector of ${nameText(binding)}, ${JSON.stringify(binding.nodeSelector)}, selects no node of ${secondary.context}.`,
              hint: kubectl({ context: secondary.context }, 'get', 'nodes', '--show-labels'),
              cluster: secondary.context,
            },
          ],
    );
  },
};

const attachedPeers: Check<JoinCase> = {
  id: 'peer-not-attached',
  severity: 'caution',
  run({ observed, ports, primary }) {
    const balancer = observed.loadBalancer;
    if (!balancer.ok) return skipped(balancer.problem.message);
    const groups = ports.flatMap(({ primary: { binding } }) =>
      (binding.networking ?? []).flatMap(({ from }) =>
        from.flatMap(({ securityGroup }) => securityGroup?.groupID ?? []),
      ),
    );
    const loose = [...new Set(groups)].filter(
      (id) => !balancer.value.securityGroupIds.includes(id),
    );
    return failing(
      loose.length === 0
        ? []
        : [
            {
              code: 'peer-not-attached',
              message: `The bindings of ${primary.context} let in security group ${listed(loose)}, which is not on load balancer ${balancer.value.name}: its traffic would not come through.`,
              hint: `aws elbv2 describe-load-balancers --names ${balancer.value.name} --query 'LoadBalancers[].SecurityGroups'`,
              cluster: primary.context,
            },
          ],
    );
  },
};

/** Whether the endpoints of the cluster that joins can be reached, are its own, and are there. */
export const placementChecks: readonly Check<JoinCase>[] = [
  ownAddresses,
  capacity,
  servedZones,
  samePort,
  selectedNode,
  attachedPeers,
];
