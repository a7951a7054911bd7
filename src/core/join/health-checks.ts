import { check, type Check, skippedUnread, type Wrong } from '../plan/check.ts';
import type { TargetGroup } from '../model/aws.ts';
import { advice, editServiceHint, noted, type Hint } from '../model/hint.ts';
import { nameText } from '../model/kubernetes.ts';
import { verifyHint } from '../model/nlbmc-hints.ts';
import { valueOf } from '../model/problem.ts';
import { checkPort } from '../observed/networking.ts';
import { aboutLocal, type JoinCase, type JoinPort } from './join-port.ts';

/** Ports that are about to join, each with its target group: of those that have joined `verify` tells. */
const joiningPorts = ({ ports }: JoinCase): readonly (readonly [JoinPort, TargetGroup])[] =>
  ports.flatMap((port) => {
    const group = valueOf(port.group);
    return group && port.ours.length === 0 ? [[port, group] as const] : [];
  });

const proxyAttribute = 'proxy_protocol_v2.enabled';

/** The header belongs to the target group, so pods of every cluster get it. */
const proxyProtocol = check<JoinCase>('proxy-protocol', 'caution', (subject) => {
  const { intent, joining } = subject;
  const groups = joiningPorts(subject);
  const unread = groups
    .flatMap(([, { attributes }]) => attributes ?? [])
    .find((attributes) => !attributes.ok);
  if (unread && !unread.ok) return skippedUnread(unread.problem);
  return groups.flatMap(([{ port }, { attributes }]): readonly Wrong[] => {
    if (!attributes?.ok || attributes.value[proxyAttribute] !== 'true') return [];
    const contexts = [...(intent.primary === undefined ? [] : [intent.primary]), joining.context];
    const prove = verifyHint(intent, [...new Set(contexts)], { traffic: true });
    return [
      {
        message: `The target group of port ${port} sends a proxy protocol header (version 2) before the data of each connection. If the pods of ${joining.context} do not expect the header, connections fail although TCP health checks pass.`,
        about: { ...aboutLocal(subject), port },
        hints: [noted(prove, 'proves it after the join')],
      },
    ];
  });
});

/** The port of a Service whose kube-proxies answer health checks for it, where it has one. */
const isAnswered = ({ localService }: JoinCase, wanted: number): boolean =>
  localService.healthCheckNodePort === wanted;

const httpCheck = check<JoinCase>('health-check-http', 'caution', (subject) =>
  joiningPorts(subject).flatMap(([{ port, targetType }, group]): readonly Wrong[] => {
    const { protocol, path, matcher, enabled } = group.healthCheck;
    const own = checkPort(group);
    if (!enabled || !/^HTTPS?$/.test(protocol)) return [];
    // What kube-proxy answers itself is not asked of the pods.
    if (targetType === 'instance' && own !== undefined && isAnswered(subject, own)) return [];
    const where = own === undefined ? 'the port of the traffic' : `port ${own}`;
    return [
      {
        message: `The target group of port ${port} checks health over ${protocol}. Targets of ${subject.joining.context} must answer GET ${path ?? '/'} on ${where} with the status ${matcher ?? '200-399'}.`,
        about: { ...aboutLocal(subject), port },
        hints: [advice('Compare it with the readiness probe of the pods.')],
      },
    ];
  }),
);

/** How the number is pinned; Kubernetes sets it at most once. */
function pin({ joining, localService }: JoinCase, wanted: number): Hint {
  if (localService.healthCheckNodePort !== undefined) {
    return advice(
      `Kubernetes does not change a healthCheckNodePort that is set. Create Service ${nameText(localService)} again with healthCheckNodePort: ${wanted}.`,
    );
  }
  return noted(
    editServiceHint(joining.context, localService),
    `set healthCheckNodePort: ${wanted}, type: LoadBalancer, externalTrafficPolicy: Local, and a loadBalancerClass that no controller serves`,
  );
}

/**
 * Instance targets that are checked on a port of their own. With `externalTrafficPolicy: Local` that is
 * the health check node port of the Service that owns the load balancer, which kube-proxy answers
 * (`pkg/service/model_build_target_group.go`, buildTargetGroupHealthCheckConfigForInstanceModeLocal);
 * no node of another cluster answers there unless its Service has the same number. What else may
 * listen on a node is not known: then it is a caution.
 */
const samePort = (severity: 'blocker' | 'caution'): Check<JoinCase> =>
  check<JoinCase>('health-check-node-port', severity, (subject) =>
    subject.ports.flatMap((port): readonly Wrong[] => {
      const { enrolled, localService, joining } = subject;
      const group = valueOf(port.group);
      const wanted = group && checkPort(group);
      if (group?.targetType !== 'instance' || wanted === undefined) return [];
      if (isAnswered(subject, wanted)) return [];
      if (localService.ports.some(({ nodePort }) => nodePort === wanted)) return [];
      const first = enrolled?.service;
      const isProxy =
        first?.externalTrafficPolicy === 'Local' && first.healthCheckNodePort === wanted;
      const isBlocker = isProxy && port.ours.length === 0;
      if (isBlocker !== (severity === 'blocker')) return [];
      const has = localService.healthCheckNodePort ?? 'none';
      const whose = isProxy
        ? `, the health check node port of Service ${nameText(first)} (externalTrafficPolicy: Local)`
        : '';
      return [
        {
          message: `The target group of port ${port.port} checks health on node port ${wanted}${whose}. The health check node port of Service ${nameText(localService)} in ${joining.context} is ${has}: its targets ${isProxy ? 'would be' : 'may be'} unhealthy.`,
          about: { ...aboutLocal(subject), port: port.port },
          hints: [pin(subject, wanted)],
        },
      ];
    }),
  );

/** Whether targets of the cluster that joins can pass the health checks, and take the traffic, of the target groups. */
export const healthCheckChecks: readonly Check<JoinCase>[] = [
  samePort('blocker'),
  samePort('caution'),
  httpCheck,
  proxyProtocol,
];
