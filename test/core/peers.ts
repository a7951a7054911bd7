import type { Listener } from '../../src/core/model/aws.ts';
import type { JoinIntent } from '../../src/core/model/intent.ts';
import type { Binding } from '../../src/core/model/kubernetes.ts';
import { known } from '../../src/core/model/problem.ts';
import type { Observed } from '../../src/core/observed/observed.ts';
import { arnOf, cluster, type ClusterBuilder, endpointsAt, service } from './cluster-builder.ts';
import { observed, type WorldParts } from './world.ts';

/** A cluster with a Service that nobody has bound yet. */
export const unbound = (context: string, addresses: readonly string[]): ClusterBuilder =>
  cluster(context)
    .service({ type: 'ClusterIP' })
    .tracks('nginx', undefined)
    .tracks('nginx-80', undefined)
    .endpoints(endpointsAt(addresses));

/** A cluster whose Service a person bound to the target group: nobody's controller made it. */
export const peer = (
  context: string,
  addresses: readonly string[],
  over: Partial<Binding> = {},
): ClusterBuilder =>
  unbound(context, addresses)
    .binding({ name: 'web', multiCluster: true, ...over })
    .tracks('web', addresses.map((address) => `${address}:80`).join(','));

export const a = (): ClusterBuilder => peer('a', ['10.0.1.1', '10.0.1.2']);
export const b = (): ClusterBuilder => peer('b', ['10.0.2.1']);
export const targets = { 80: ['10.0.1.1:80', '10.0.1.2:80', '10.0.2.1:80'] };

/** One listener for each of these target groups, of the same port. */
export const listeners = (...ports: readonly number[]): readonly Listener[] =>
  ports.map((port) => ({ port, protocol: 'TCP', targetGroupArns: [arnOf(port)] }));

/** Two clusters behind a load balancer that no cluster owns, as read. */
export const shared = (parts: Partial<WorldParts> = {}): Observed => {
  const seen = observed({
    clusters: [a(), b()],
    targets,
    ...parts,
    group: { tags: known({}), ...parts.group },
    balancer: { name: 'shared', listeners: known(listeners(80)), ...parts.balancer },
  });
  return seen;
};

/** A join of that cluster's Service to the load balancer, with nothing said that need not be. */
export const toBalancer = (context: string, over: Partial<JoinIntent> = {}): JoinIntent => ({
  service,
  localService: service,
  localNamed: true,
  loadBalancer: 'shared',
  context,
  createService: false,
  adopt: false,
  forceConflicts: false,
  settled: true,
  ...over,
});

/** The same, with a load balancer of its own for each target group: shared-0, shared-1. */
export const apart = (seen: Observed): Observed => ({
  ...seen,
  targetGroups: Object.fromEntries(
    Object.entries(seen.targetGroups).map(([arn, group], n) => [
      arn,
      group.ok
        ? known({
            ...group.value,
            loadBalancerArns: [
              `arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/shared-${n}/50dc6c495c0c9188`,
            ],
          })
        : group,
    ]),
  ),
});
