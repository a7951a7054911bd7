import { describeBindingHint, type Hint, kubectlHint, noted } from '../model/hint.ts';
import { millisOf } from '../model/instant.ts';
import { nameText, serviceOf } from '../model/kubernetes.ts';
import type { Member } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { count } from '../model/words.ts';

/**
 * How long a controller may take before it counts as stalled. It registers within seconds; for as
 * long as this it may use an old list of targets (`pkg/targetgroupbinding/targets_manager.go`).
 */
const stalledAfterMs = 300_000;

/**
 * For how many minutes the controller has not acted on what is there for it to do: the endpoint (or
 * with `undefined`, all endpoints of the Service) and the binding have not been changed since.
 * Undefined while it may still be about to, and where no time of the last change is known.
 */
export function stalledMinutes(
  { cluster, binding }: Member,
  since: number | undefined,
  { at }: Pick<Observed, 'at'>,
): number | undefined {
  const endpoints = cluster.endpoints[nameText(serviceOf(binding))];
  const slices = endpoints?.ok ? endpoints.value.map((one) => one.since) : [];
  const times = [binding.changedAt, ...(since === undefined ? slices : [since])];
  const known = times.filter((time) => time !== undefined);
  if (times.length < 2 || known.length < times.length) return undefined;
  const ms = millisOf(at) - Math.max(...known);
  return ms >= stalledAfterMs ? Math.floor(ms / 60_000) : undefined;
}

/** What is known of the controller, in the words of a finding: `it hangs, or …`. */
export const stalledText = (minutes: number): string =>
  `neither the endpoints nor the binding have changed for ${count(minutes, 'minute')}, so the controller hangs, its reconcile fails each time, or it counts this as done`;

/** Where to look, and how to start it again; EKS Auto Mode has no controller that a person reaches. */
export function stalledHints({ cluster, binding }: Member): readonly Hint[] {
  const [deployment] =
    binding.flavour === 'lbc' && cluster.controller.ok ? cluster.controller.value.deployments : [];
  if (!deployment) return [describeBindingHint(cluster.context, binding)];
  const where = { context: cluster.context, namespace: deployment.namespace };
  const name = `deployment/${deployment.name}`;
  return [
    // Of all its pods: the log of one that is not the leader has nothing.
    kubectlHint(
      where,
      'logs',
      '--selector=app.kubernetes.io/name=aws-load-balancer-controller',
      '--prefix',
      '--since=30m',
      '--tail=-1',
    ),
    noted(kubectlHint(where, 'rollout', 'restart', name), 'if the log has stopped'),
  ];
}
