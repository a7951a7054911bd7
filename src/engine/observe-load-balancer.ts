import { readLoadBalancer } from '../aws/load-balancers.ts';
import { parseArn } from '../core/model/arn.ts';
import type { LoadBalancer, TargetGroup } from '../core/model/aws.ts';
import type { ClusterView } from '../core/model/cluster-view.ts';
import { repairHint } from '../core/model/nlbmc-hints.ts';
import { listenerAdvice } from '../core/model/owner-words.ts';
import { type Reading, unknown, valueOf } from '../core/model/problem.ts';
import type { World } from './world.ts';

type Groups = Readonly<Record<string, Reading<TargetGroup>>>;

/**
 * The load balancer of the target groups. Their description has its ARN; it can also be
 * guessed from the Service's hostname, which saves a round trip: the guess is read at the same
 * time as the target groups (`groups`) and counts only if these name the same ARN.
 */
export async function observeLoadBalancer(
  { aws, kube, shared }: Pick<World, 'aws' | 'kube' | 'shared'>,
  primary: ClusterView | undefined,
  arns: readonly string[],
  groups: Promise<Groups>,
  more: {
    readonly listeners: boolean;
    readonly securityGroups: boolean;
    readonly tags: boolean;
    readonly subnets: boolean;
  },
): Promise<Reading<LoadBalancer>> {
  const readBalancer = shared?.loadBalancer ?? readLoadBalancer;
  const hostname = primary && valueOf(primary.service)?.hostname;
  const guess = arns[0] && hostname ? guessArn(hostname, arns[0]) : undefined;
  const guessed = guess ? readBalancer(aws, guess, more) : undefined;
  // A guess that turns out wrong may fail; such a failure is not reported.
  guessed?.catch(() => undefined);
  const read = Object.values(await groups);
  const found = read.map(valueOf).find((group) => (group?.loadBalancerArns.length ?? 0) > 0);
  const arn = found?.loadBalancerArns[0];
  if (arn !== undefined) return arn === guess && guessed ? guessed : readBalancer(aws, arn, more);
  const failed = read.find((group) => !group.ok);
  if (failed && !failed.ok) return failed;
  if (arns.length === 0) {
    return unknown({
      code: 'aws-not-found',
      message: 'The load balancer is unknown, because no target group of the Service is known.',
    });
  }
  const service = primary && valueOf(primary.service);
  const contexts = kube.map(({ context }) => context);
  // AWS has answered: no client can connect, and nothing says which load balancer it was.
  return unknown({
    code: 'listener-missing',
    message: 'No listener of a load balancer forwards to the target groups of the Service.',
    hints: [service ? repairHint({ service }, contexts) : listenerAdvice({ kind: 'none' })],
  });
}

/**
 * An NLB is called `NAME-ID.elb.REGION.amazonaws.com`, and its ARN ends with `net/NAME/ID`: the
 * same ID. AWS does not promise it; a wrong guess costs one request.
 */
function guessArn(hostname: string, targetGroupArn: string): string | undefined {
  const group = parseArn(targetGroupArn);
  const [, name, id] = /^([A-Za-z0-9-]+)-([0-9a-f]{16})\.elb\./.exec(hostname) ?? [];
  if (!group || !name || !id) return undefined;
  return `arn:${group.partition}:elasticloadbalancing:${group.region}:${group.account}:loadbalancer/net/${name}/${id}`;
}
