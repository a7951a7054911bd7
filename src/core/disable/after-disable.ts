import { kubectlHint, noted, type ToolHint } from '../model/hint.ts';
import { trackingName } from '../model/flavours.ts';
import { enableHint } from '../model/nlbmc-hints.ts';
import { nameText } from '../model/kubernetes.ts';
import type { DisableIntent } from '../model/intent.ts';
import type { Service } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { clusterOf, ownBindings } from '../observed/enrollment.ts';
import { isRegistered, type Member } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { type Problem, valueOf } from '../model/problem.ts';
import { trackedKeys } from '../model/target-key.ts';
import { count, listed } from '../model/words.ts';

/** Listener ports that forward to a target group; undefined where they could not be read. */
function listenersOf(observed: Observed, arn: string): readonly number[] | undefined {
  const listeners = valueOf(observed.loadBalancer)?.listeners;
  return (
    listeners &&
    valueOf(listeners)
      ?.filter(({ targetGroupArns }) => targetGroupArns.includes(arn))
      .map(({ port }) => port)
  );
}

const targetsOf = ({ registered }: Member) => {
  const all = valueOf(registered) ?? [];
  const staying = all.filter(isRegistered).length;
  return { staying, leaving: all.length - staying };
};

function groupLine(observed: Observed, member: Member): string {
  const arn = member.binding.targetGroupArn;
  const group = observed.targetGroups[arn];
  const name = (group && valueOf(group)?.name) ?? arn;
  const ports = listenersOf(observed, arn);
  const { staying, leaving } = targetsOf(member);
  return [
    `port ${member.port}: ${ports === undefined ? 'its listener (unread)' : `${count(ports.length, 'listener')}${ports.length > 0 ? ` (${ports.join(', ')})` : ''}`}`,
    `target group ${name}`,
    `${count(staying, 'target')} of ${member.cluster.context}`,
    ...(leaving > 0 ? [`${leaving} still draining`] : []),
  ].join(', ');
}

/** What deleting the Service does once deletion protection is off, with numbers. */
export function deletionCaution(
  observed: Observed,
  primary: ClusterView,
  service: Service,
  own: readonly Member[],
): Problem {
  const balancer = valueOf(observed.loadBalancer);
  const numbers = own.map(({ binding }) => listenersOf(observed, binding.targetGroupArn));
  const unread = numbers.includes(undefined);
  const listeners = numbers.reduce((sum, ports) => sum + (ports?.length ?? 0), 0);
  const groups = new Set(own.map(({ binding }) => binding.targetGroupArn)).size;
  const targets = own.reduce((sum, member) => sum + targetsOf(member).staying, 0);
  const what = listed([
    ...(unread ? ['its listeners'] : [count(listeners, 'listener')]),
    count(groups, 'target group'),
    `${count(targets, 'registered target')} of ${primary.context}`,
  ]);
  const name = balancer ? `load balancer ${balancer.name}` : 'the load balancer';
  return {
    code: 'deletion-allowed',
    message: service.terminating
      ? `Service ${nameText(service)} in ${primary.context} is being deleted, and only deletion protection keeps ${name}. When protection is off, the controller deletes the load balancer at once, with ${what}.`
      : `With deletion protection off, deleting Service ${nameText(service)} in ${primary.context} deletes ${name} with ${what}.`,
    details: own.map((member) => groupLine(observed, member)),
    about: { cluster: primary.context },
  };
}

/**
 * What stays of sharing when the flag goes, and what enabling again then needs: the controller
 * deletes the ConfigMap of a binding only while that has the flag, and goes on with the set that it
 * has in memory (`pkg/targetgroupbinding/multicluster_manager.go`).
 */
export function leftoverCaution(service: Service, own: readonly Member[]): readonly Problem[] {
  return own.flatMap((member): readonly Problem[] => {
    const { binding, cluster, tracked } = member;
    const set = valueOf(tracked);
    if (set?.kind !== 'set') return [];
    const name = trackingName(binding);
    const size = trackedKeys(set).size;
    return [
      {
        code: 'tracking-left-over',
        message: `ConfigMap ${binding.namespace}/${name} of ${cluster.context} stays with ${count(size, 'target')}, and the controller remembers ${size === 1 ? 'it' : 'them'}. Before sharing starts again, one new endpoint has to make the controller write its list again.`,
        about: {
          cluster: cluster.context,
          binding: { namespace: binding.namespace, name: binding.name },
        },
        hints: [
          noted(
            kubectlHint(
              { context: cluster.context, namespace: binding.namespace },
              'delete',
              'configmap',
              name,
            ),
            'once the Service is deleted: nothing else deletes it',
          ),
          noted(enableHint(service, cluster.context), 'to share again: it says what is to be done'),
        ],
      },
    ];
  });
}

/**
 * What is typed once nothing keeps the Service from being deleted. The controller deletes the record
 * of a binding only while that is shared: of the others it would be left behind, and goes along.
 */
export function deletionHint(
  observed: Observed,
  { service, context, exclusive }: DisableIntent,
): ToolHint {
  const cluster = clusterOf(observed, context);
  const where = { context, namespace: service.namespace };
  const records = (cluster ? ownBindings(cluster, service) : []).filter((binding) => {
    const tracked = cluster?.tracked[nameText(binding)];
    const isAlone = exclusive || !binding.multiCluster;
    return isAlone && tracked !== undefined && valueOf(tracked)?.kind === 'set';
  });
  if (records.length === 0) return kubectlHint(where, 'delete', 'service', service.name);
  return kubectlHint(
    where,
    'delete',
    `service/${service.name}`,
    ...records.map((binding) => `configmap/${trackingName(binding)}`),
    // One that the controller was faster to delete is no error.
    '--ignore-not-found',
  );
}
