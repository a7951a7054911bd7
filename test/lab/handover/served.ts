import { estateOf } from './hands.ts';
import type { LabStage } from '../stage.ts';
import { nameOf } from '../targets.ts';

/**
 * What clients reach now, sorted: each healthy target of each listener, if no security group and no route is
 * in the way of the connections that a node of the load balancer hands to it: `80 pri-1:80`.
 */
export function served(stage: LabStage, dnsName: string): string[] {
  const balancer = stage.aws.balancers.find((one) => one.dnsName.toLowerCase() === dnsName);
  if (!balancer) return [];
  const client = balancer.clientAddress('127.0.0.1');
  return balancer.listeners
    .filter((listener) => balancer.admits(client, listener))
    .flatMap(({ port, forwards: [forward] }) => {
      const group = forward && balancer.groups.get(forward.arn);
      return (group?.targets ?? [])
        .filter((target) => {
          const nodes = balancer.nodes.filter(
            ({ zone }) => group?.crossZone || target.zone === 'all' || zone === target.zone,
          );
          return (
            target.state === 'healthy' &&
            nodes.every((node) =>
              balancer.route({ groupArn: forward?.arn ?? '', target, node, client }),
            )
          );
        })
        .map((target) => `${port} ${nameOf(stage, target.id)}:${target.port}`);
    })
    .toSorted();
}

/** What nobody does in a handover: the last of them to a pod that lives. */
const HARMFUL = [
  'CreateLoadBalancer',
  'DeleteLoadBalancer',
  'CreateListener',
  'DeleteListener',
  'CreateTargetGroup',
  'DeleteTargetGroup',
  'DeregisterTargets',
].map((name) => `elbv2.${name}`);

/** Target groups that `other` may make and delete: nlbmc its placeholders, which never get a listener. */
const BESIDE = ['elbv2.CreateTargetGroup', 'elbv2.DeleteTargetGroup'];

/** What `watch` gives back. */
export interface Watched {
  /**
   * Ends the samples, and throws where in one of them something was missing or blocked, or where a
   * controller, nlbmc or a person did what a handover does not need.
   */
  end(): Promise<void>;
}

/** From now on, at every look: all that clients reach now, they reach. `expected` is no harm in this scenario. */
export async function watch(
  stage: LabStage,
  dnsName: string,
  o: { readonly expected?: readonly string[] } = {},
): Promise<Watched> {
  const { length: before } = await stage.acts();
  const wanted = served(stage, dnsName);
  const shared = estateOf(stage, dnsName).targetGroups;
  if (wanted.length === 0) throw new Error(`no client reaches a target through ${dnsName}`);
  const missed = new Map<string, number>();
  let samples = 0;
  const end = stage.always(() => {
    samples += 1;
    const now = new Set(served(stage, dnsName));
    for (const one of wanted) if (!now.has(one)) missed.set(one, (missed.get(one) ?? 0) + 1);
  });
  return {
    async end() {
      end();
      const harm = (await stage.acts())
        .slice(before)
        .flatMap((act) => (act.world === 'aws' ? [act] : []))
        .filter(({ action }) => HARMFUL.includes(action))
        .filter(({ by, action, params }) =>
          by === 'other'
            ? !BESIDE.includes(action) || shared.includes(String(params['TargetGroupArn']))
            : !o.expected?.includes(action),
        );
      if (harm.length > 0) throw new Error(`harmful: ${JSON.stringify(harm)}`);
      if (missed.size === 0 && samples > 10) return;
      const counts = [...missed].map(([one, count]) => `${one} (${count})`);
      throw new Error(`of ${samples} samples, clients did not reach: ${counts.join(', ')}`);
    },
  };
}
