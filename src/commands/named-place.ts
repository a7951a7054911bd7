import { advice } from '../core/model/hint.ts';
import { type Binding, type ObjectName, serviceOf } from '../core/model/kubernetes.ts';
import { type ExitCode, ProblemError } from '../core/model/problem.ts';
import { listed } from '../core/model/words.ts';
import { isMadeFor } from '../core/observed/enrollment.ts';
import { findGroups, type NamedPlace } from '../engine/find-groups.ts';
import { stopIfInterrupted, type World } from '../engine/world.ts';
import { listBindings } from '../kube/bindings.ts';
import { type LocalName, serviceNames } from './service-names.ts';
import { usageError } from './usage-error.ts';

/** What a command is about: a Service, or target groups by themselves or by their load balancer. */
export interface PlaceOptions {
  readonly namespace?: string | undefined;
  readonly region?: string | undefined;
  readonly loadBalancer?: string | undefined;
  /** ARNs. */
  readonly targetGroup?: readonly string[] | undefined;
  readonly localService?: LocalName | undefined;
  readonly primary?: string;
}

export interface Place {
  readonly service: ObjectName;
  readonly localService: ObjectName;
  readonly named?: readonly string[];
}

/**
 * The Service and the target groups that a person named. Without a Service it is the first one that a
 * binding of a listed cluster is for. Raises ProblemError: `usage` where nothing is named (2),
 * `bindings-missing` where no listed cluster has a binding on the target groups (`missing`), and
 * those of findGroups.
 */
export async function placeOf(
  name: string | undefined,
  world: World,
  options: PlaceOptions,
  missing: ExitCode,
): Promise<Place> {
  const place: NamedPlace = {
    loadBalancer: options.loadBalancer,
    targetGroups: options.targetGroup,
    region: options.region,
  };
  const named = await findGroups(world, place);
  if (name !== undefined) {
    return { ...serviceNames(name, world, options), ...(named ? { named } : {}) };
  }
  if (!named) {
    throw usageError(
      'Nothing is named: neither a Service nor a load balancer nor a target group.',
      'Name a Service, or use --load-balancer or --target-group.',
    );
  }
  const service = await serviceBehind(world, named, options, missing);
  return { service, localService: service, named };
}

async function serviceBehind(
  world: World,
  named: readonly string[],
  options: PlaceOptions,
  missing: ExitCode,
): Promise<ObjectName> {
  const reads = await Promise.all(
    world.kube.map((kube) => listBindings(kube, [options.namespace ?? kube.namespace])),
  );
  stopIfInterrupted(world);
  const unread = reads.find(({ bindings }) => !bindings.ok);
  const found: Binding[] = named.flatMap((arn) =>
    reads.flatMap(({ bindings }) =>
      bindings.ok ? bindings.value.filter((one) => one.targetGroupArn === arn) : [],
    ),
  );
  const first = found.find((one) => isMadeFor(one, serviceOf(one))) ?? found[0];
  if (first) return serviceOf(first);
  if (unread && !unread.bindings.ok) {
    throw new ProblemError({ ...unread.bindings.problem, unread: true }, 8);
  }
  const contexts = world.kube.map(({ context }) => context);
  throw new ProblemError(
    {
      code: 'bindings-missing',
      message: `No TargetGroupBinding in ${listed(contexts)} is bound to these target groups.`,
      hints: [
        advice('List the contexts of the clusters that serve behind this load balancer.'),
        advice('Where no cluster is enrolled yet, the first one uses join with --load-balancer.'),
      ],
    },
    missing,
  );
}
