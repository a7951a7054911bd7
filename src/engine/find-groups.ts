import { listLoadBalancers } from '../aws/find-load-balancer.ts';
import { readLoadBalancer } from '../aws/load-balancers.ts';
import { parseArn } from '../core/model/arn.ts';
import { advice, awsHint } from '../core/model/hint.ts';
import { type Problem, ProblemError } from '../core/model/problem.ts';
import { listed, nearest } from '../core/model/words.ts';
import { listNodes } from '../kube/nodes.ts';
import { stopIfInterrupted, type World } from './world.ts';

/** What a person names instead of, or beside, a Service. */
export interface NamedPlace {
  /** Name or ARN. */
  readonly loadBalancer?: string | undefined;
  /** ARNs. */
  readonly targetGroups?: readonly string[] | undefined;
  /** The region that the person named. */
  readonly region?: string | undefined;
}

/** How a person tells the region where nothing else does. */
const nameRegion = advice('Name the region with --region, or the load balancer by its ARN.');

/**
 * A zone of a cluster's nodes begins with its region: `us-east-1a`. Undefined: no node has a zone.
 * Raises why the nodes could not be read (8), where that leaves the region unknown.
 */
async function regionOfNodes(world: World): Promise<string | undefined> {
  let unread: Problem | undefined;
  for (const client of world.kube) {
    const nodes = await listNodes(client);
    stopIfInterrupted(world);
    if (!nodes.ok) unread ??= nodes.problem;
    const regions = (nodes.ok ? nodes.value : []).flatMap(
      ({ zone }) => /^([a-z]{2}(?:-[a-z]+)+-\d)/.exec(zone ?? '')?.[1] ?? [],
    );
    if (regions[0] !== undefined) return regions[0];
  }
  if (!unread) return undefined;
  const hints = [...(unread.hints ?? []), nameRegion];
  throw new ProblemError({ ...unread, hints, unread: true }, 8);
}

/** The ARN of a load balancer that is named. Raises `aws-not-found` and `usage` (2), or what could not be read (8). */
async function arnOf(world: World, name: string, region: string | undefined): Promise<string> {
  if (parseArn(name)?.kind === 'load-balancer') return name;
  const where =
    region ??
    world.kube.map((client) => client.region).find((one) => one !== undefined) ??
    (await regionOfNodes(world));
  if (where === undefined) {
    throw new ProblemError({
      code: 'usage',
      message: `The region of load balancer ${name} is not known: neither the contexts nor the nodes tell it.`,
      hints: [nameRegion],
    });
  }
  const all = await listLoadBalancers(world.aws, where);
  if (!all.ok) throw new ProblemError({ ...all.problem, unread: true }, 8);
  const found = all.value.find((one) => one.name === name);
  if (found) return found.arn;
  const near = nearest(
    name,
    all.value.map((one) => one.name),
  );
  throw new ProblemError({
    code: 'aws-not-found',
    message: `There is no load balancer ${name} in ${where}${near.length > 0 ? `; there ${near.length === 1 ? 'is' : 'are'} ${listed(near.map((one) => one.name))}` : ''}.`,
    hints: [
      awsHint([
        'elbv2',
        'describe-load-balancers',
        '--query',
        'LoadBalancers[].LoadBalancerName',
        '--region',
        where,
      ]),
    ],
  });
}

/**
 * ARNs of the target groups that a person named, by themselves or by the load balancer that forwards
 * to them; undefined: none were named. Raises ProblemError: `usage`, `aws-not-found` (2), or why the
 * load balancer could not be read (8); Interrupted.
 */
export async function findGroups(
  world: World,
  place: NamedPlace,
): Promise<readonly string[] | undefined> {
  const { loadBalancer, targetGroups, region } = place;
  if (loadBalancer === undefined) return targetGroups?.length ? targetGroups : undefined;
  const read = await readLoadBalancer(world.aws, await arnOf(world, loadBalancer, region), {
    listeners: true,
  });
  stopIfInterrupted(world);
  if (!read.ok) {
    const gone = read.problem.code === 'aws-not-found';
    throw new ProblemError(gone ? read.problem : { ...read.problem, unread: true }, gone ? 2 : 8);
  }
  const { listeners } = read.value;
  if (!listeners?.ok) {
    if (!listeners) throw new Error('the listeners were not read');
    throw new ProblemError({ ...listeners.problem, unread: true }, 8);
  }
  const arns = [...new Set(listeners.value.flatMap((one) => one.targetGroupArns))];
  const outside = (targetGroups ?? []).find((arn) => !arns.includes(arn));
  if (outside !== undefined) {
    throw new ProblemError({
      code: 'not-on-load-balancer',
      message: `No listener of load balancer ${read.value.name} forwards to ${outside}.`,
      hints: [advice(`It forwards to ${listed(arns) || 'no target group'}.`)],
    });
  }
  if (arns.length === 0) {
    throw new ProblemError({
      code: 'listener-missing',
      message: `Load balancer ${read.value.name} has no listener that forwards to a target group.`,
      hints: [advice('Create a listener with the tool that manages the load balancer.')],
    });
  }
  return targetGroups?.length ? targetGroups : arns;
}
