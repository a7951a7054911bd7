import { type BalancerDescription, readLoadBalancer } from '../aws/load-balancers.ts';
import { readTargetGroups } from '../aws/target-groups.ts';
import type { TargetGroup } from '../core/model/aws.ts';
import type { Reading } from '../core/model/problem.ts';
import type { KubeAnswer, KubeClient } from '../kube/client.ts';
import type { World } from './world.ts';

/** Asks once for each key; what is on its way or has come is the answer for all. */
function once<T>(): (key: string, ask: () => Promise<T>) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (key, ask) => {
    const answer = answers.get(key) ?? ask();
    answers.set(key, answer);
    return answer;
  };
}

/** A client that sends each GET once. What changes or rehearses something is sent as it comes. */
export function reading(kube: KubeClient): KubeClient {
  const send = once<KubeAnswer>();
  const read = once<Awaited<ReturnType<KubeClient['read']>>>();
  // A list whose pages have expired is read again from its first page, which must be a new one.
  let pass = 0;
  return {
    ...kube,
    send: async (request) => {
      if ((request.method ?? 'GET') !== 'GET') return kube.send(request);
      const answer = await send(`${pass} ${request.path}`, () => kube.send(request));
      const { ok } = answer;
      if (!ok && answer.failure.kind === 'status' && answer.failure.status === 410) pass += 1;
      return answer;
    },
    read: (request) =>
      (request.method ?? 'GET') === 'GET'
        ? read(request.path, () => kube.read(request))
        : kube.read(request),
  };
}

/**
 * Reads of AWS that answer from what was read for all enrollments together. Anything else,
 * such as the attributes and tags of a load balancer, is read once, when it is needed.
 */
export function sharedReads(
  groups: Readonly<Record<string, Reading<TargetGroup>>>,
  described: ReadonlyMap<string, Reading<BalancerDescription>>,
): NonNullable<World['shared']> {
  const balancer = once<Awaited<ReturnType<typeof readLoadBalancer>>>();
  return {
    targetGroups: async (aws, arns, o) => {
      const rest = arns.filter((arn) => groups[arn] === undefined);
      const more = rest.length > 0 ? await readTargetGroups(aws, rest, o) : {};
      return Object.fromEntries(arns.map((arn) => [arn, (groups[arn] ?? more[arn])!]));
    },
    loadBalancer: (aws, arn, o) => {
      const one = described.get(arn);
      return balancer(`${arn} ${JSON.stringify(o)}`, () =>
        readLoadBalancer(aws, arn, { ...o, ...(one ? { described: one } : {}) }),
      );
    },
  };
}
