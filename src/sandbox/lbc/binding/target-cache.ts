import type { Clock } from '../../time/clock.ts';
import type { ControllerApi } from '../process/controller-api.ts';
import { targetKey } from './targets.ts';
import type { TargetDescription, TargetHealth, TargetInfo } from './targets.ts';

const TTL_MS = 5 * 60_000;
const CHUNK = 200;

interface Entry {
  readonly until: number;
  targets: TargetInfo[];
}

interface HealthAnswer {
  readonly TargetHealthDescriptions: readonly {
    readonly Target: TargetDescription;
    readonly TargetHealth: TargetHealth;
  }[];
}

/**
 * What this process believes of each target group's members
 * (pkg/targetgroupbinding/targets_manager.go, cachedTargetsManager). A full list holds for 5 minutes:
 * meanwhile targets last seen healthy are believed without asking, the others are requested by id
 * and port. Targets that another cluster registered since the full list stay unseen until it expires.
 */
export class TargetCache {
  readonly #api: ControllerApi;
  readonly #clock: Clock;
  readonly #byArn = new Map<string, Entry>();

  constructor(api: ControllerApi, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
  }

  list(arn: string): readonly TargetInfo[] {
    const entry = this.#entry(arn);
    if (!entry) {
      const targets = this.#describe(arn);
      this.#byArn.set(arn, { until: this.#clock.time() + TTL_MS, targets });
      return targets;
    }
    const healthy = entry.targets.filter((target) => target.health?.State === 'healthy');
    const others = entry.targets.filter((target) => target.health?.State !== 'healthy');
    if (others.length > 0) {
      const asked = this.#describe(
        arn,
        // Without the zone: a query with another zone than AWS's misses the target (#4544).
        others.map(({ description }) => ({ Id: description.Id, Port: description.Port })),
      );
      const registered = asked.filter(
        ({ health }) => !(health?.State === 'unused' && health.Reason === 'Target.NotRegistered'),
      );
      entry.targets = [...healthy, ...registered];
    }
    return [...entry.targets];
  }

  register(arn: string, targets: readonly TargetDescription[]): void {
    for (const chunk of chunks(targets)) {
      this.#api.aws('elbv2.RegisterTargets', { TargetGroupArn: arn, Targets: chunk });
      this.#forgetHealth(arn, chunk, true);
    }
  }

  deregister(arn: string, targets: readonly TargetDescription[]): void {
    for (const chunk of chunks(targets)) {
      this.#api.aws('elbv2.DeregisterTargets', { TargetGroupArn: arn, Targets: chunk });
      this.#forgetHealth(arn, chunk, false);
    }
  }

  #entry(arn: string): Entry | undefined {
    const entry = this.#byArn.get(arn);
    return entry && entry.until > this.#clock.time() ? entry : undefined;
  }

  #describe(arn: string, targets?: readonly TargetDescription[]): TargetInfo[] {
    const answer = this.#api.aws<HealthAnswer>('elbv2.DescribeTargetHealth', {
      TargetGroupArn: arn,
      ...(targets ? { Targets: targets } : {}),
    });
    return answer.TargetHealthDescriptions.map(({ Target, TargetHealth }) => ({
      key: targetKey(Target),
      description: Target,
      health: TargetHealth,
    }));
  }

  /** After a successful call the health is unknown, so that the next list asks; new ones are added. */
  #forgetHealth(arn: string, targets: readonly TargetDescription[], add: boolean): void {
    const entry = this.#entry(arn);
    if (!entry) return;
    const named = new Map(targets.map((target) => [targetKey(target), target]));
    entry.targets = entry.targets.map((target) =>
      named.delete(target.key) ? { key: target.key, description: target.description } : target,
    );
    if (!add) return;
    for (const [key, description] of named) entry.targets.push({ key, description });
  }
}

function chunks<T>(items: readonly T[]): T[][] {
  const result: T[][] = [];
  for (let i = 0; i < items.length; i += CHUNK) result.push(items.slice(i, i + CHUNK));
  return result;
}
