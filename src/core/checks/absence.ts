import { namingOwner } from './owner.ts';
import { serviceMissing } from './service.ts';
import { advice, type Hint } from '../model/hint.ts';
import { nameText, type ObjectName, serviceOf } from '../model/kubernetes.ts';
import { parseArn } from '../model/arn.ts';
import { bareOwner, bindingsRead, sharedGroups } from '../observed/enrollment.ts';
import { enrollHint, repairHint, type verifyHint } from '../model/nlbmc-hints.ts';
import { unreadOf } from '../observed/member.ts';
import { ownerOf } from '../observed/owner.ts';
import type { Observed } from '../observed/observed.ts';
import { type Problem, valueOf } from '../model/problem.ts';
import { listed } from '../model/words.ts';

/**
 * Why no enrollment was found, when no listed cluster has bindings that a controller made for the
 * Service: what could not be read comes first, since the bindings may be there.
 */
export function absenceProblems(observed: Observed, retry: typeof verifyHint): readonly Problem[] {
  const { clusters, service } = observed;
  const unread = clusters.flatMap((cluster) =>
    unreadOf([cluster.bindings, cluster.service], cluster.context),
  );
  if (unread.length > 0) return unread;
  const contexts = clusters.map(({ context }) => context);
  const [first] = clusters;
  if (first && clusters.every(({ service }) => service.ok && service.value === undefined)) {
    return [
      serviceMissing(first, service, (name) => retry({ service: { ...service, name } }, contexts)),
    ];
  }
  const elsewhere = claimProblem(observed, retry);
  if (elsewhere) return [elsewhere];
  const owner = bareOwner(clusters);
  if (owner) {
    return [
      {
        code: 'bindings-missing',
        message: `Service ${nameText(service)} in ${owner.context} belongs to its controller and has no TargetGroupBinding, so it serves nothing. When the Service changes, the controller creates a deleted binding again.`,
        about: { cluster: owner.context, service },
        hints: [repairHint({ service }, contexts)],
      },
    ];
  }
  const others = otherNamespaces(observed);
  return [
    {
      code: 'bindings-missing',
      message: `No TargetGroupBinding in ${listed(contexts)} is for Service ${nameText(service)}${
        others.length === 0
          ? ''
          : `; ${others.length === 1 ? 'there is one' : 'there are some'} for ${listed(others.map(nameText))}`
      }.`,
      about: { service },
      hints:
        others.length > 0
          ? others.map((name) => retry({ service: name }, contexts))
          : (namedHints(observed, retry) ?? [
              {
                ...retry({ service }, [{ any: true }, ...contexts]),
                where: 'with the context of a cluster that is enrolled for …',
              },
              advice(
                'Where no cluster is enrolled yet, the first one uses enable, or join with --load-balancer.',
              ),
            ]),
    },
  ];
}

/**
 * What to type where the person named a load balancer: its owner's cluster is to be listed, or the
 * clusters that have the Service are enrolled, since no cluster owns it. Undefined: that is not known.
 */
function namedHints(observed: Observed, retry: typeof verifyHint): readonly Hint[] | undefined {
  const { clusters, service, named, loadBalancer } = observed;
  const [source] = clusters;
  if (named === undefined || !source || !loadBalancer.ok) return undefined;
  const owner = ownerOf(observed, { source, arns: named });
  if (owner.kind === 'unread' || owner.kind === 'disputed') return undefined;
  const contexts = clusters.map(({ context }) => context);
  if (owner.kind !== 'none') {
    return [namingOwner(owner, (cluster) => retry({ service }, [cluster, ...contexts]))];
  }
  const having = clusters.filter((one) => valueOf(one.service) !== undefined);
  return [
    enrollHint(
      service,
      having.map(({ context }) => context),
      { 'load-balancer': loadBalancer.value.name },
    ),
    advice('If another cluster is enrolled already, list its context, too.'),
  ];
}

/** What a person names beside a Service is a claim: its bindings are on other target groups. */
function claimProblem(observed: Observed, retry: typeof verifyHint): Problem | undefined {
  const { named, ...unnamed } = observed;
  const found = named === undefined ? undefined : sharedGroups(unnamed);
  if (!found) return undefined;
  const { service, clusters } = observed;
  const groups = found.arns.map((arn) => parseArn(arn)?.name ?? arn);
  return {
    code: 'not-on-load-balancer',
    message: `Service ${nameText(service)} is bound to target group ${listed(groups)}, which is not among those that you named.`,
    about: { cluster: found.source.context, service },
    hints: [
      retry(
        { service },
        clusters.map(({ context }) => context),
      ),
    ],
  };
}

/** Services of that name in other namespaces that bindings are for: one of these may be meant. */
const otherNamespaces = ({ clusters, service }: Observed): readonly ObjectName[] => [
  ...new Map(
    clusters
      .flatMap(bindingsRead)
      .map(serviceOf)
      .filter((name) => name.name === service.name)
      .map((name) => [nameText(name), name]),
  ).values(),
];
