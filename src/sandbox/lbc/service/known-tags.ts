import type { Clock } from '../../time/clock.ts';
import type { ControllerApi } from '../process/controller-api.ts';
import { Expiring } from '../process/expiring.ts';
import { tagChanges } from './tracking.ts';
import type { Tag } from './tracking.ts';

/** defaultResourceTagsCacheTTL, from the read on. */
const KEPT_MS = 20 * 60_000;

/** DescribeTags takes no more ARNs. */
const CHUNK = 20;

type Tags = ReadonlyMap<string, string>;

/**
 * The tags of load balancers, target groups and listeners as one controller process knows them: read
 * by ARN with DescribeTags and believed for 20 minutes, also where somebody else changes them. Only the
 * process's own AddTags and RemoveTags make it forget the ARN; the resources themselves are listed
 * again in each pass (pkg/deploy/elbv2/tagging_manager.go, describeResourceTags and ReconcileTags,
 * v3.5.0 lines 29, 438 and 483). Tags of security groups are never kept.
 */
export class KnownTags {
  readonly #api: ControllerApi;
  readonly #known: Expiring<Tags>;

  constructor(api: ControllerApi, clock: Clock) {
    this.#api = api;
    this.#known = new Expiring(clock, KEPT_MS);
  }

  /** The tags by ARN; no request where all are known. */
  of(arns: readonly string[]): ReadonlyMap<string, Tags> {
    const found = new Map<string, Tags>();
    const unknown: string[] = [];
    for (const arn of arns) {
      const tags = this.#known.get(arn);
      if (tags) found.set(arn, tags);
      else unknown.push(arn);
    }
    for (let i = 0; i < unknown.length; i += CHUNK) {
      for (const [arn, tags] of this.#read(unknown.slice(i, i + CHUNK))) {
        this.#known.set(arn, tags);
        found.set(arn, tags);
      }
    }
    return found;
  }

  /**
   * Makes the tags of one resource, believed to be `found`, those that are wanted: everybody else's
   * are taken off.
   */
  reconcile(clusterName: string, arn: string, found: Tags, wanted: readonly Tag[]): void {
    const { put, drop } = tagChanges(clusterName, found, wanted);
    const ResourceArns = [arn];
    if (put.length > 0) {
      this.#api.aws('elbv2.AddTags', { ResourceArns, Tags: put });
      this.#known.delete(arn);
    }
    if (drop.length > 0) {
      this.#api.aws('elbv2.RemoveTags', { ResourceArns, TagKeys: drop.map(({ Key }) => Key) });
      this.#known.delete(arn);
    }
  }

  #read(ResourceArns: readonly string[]): [string, Tags][] {
    const { TagDescriptions } = this.#api.aws<{
      readonly TagDescriptions: readonly { readonly ResourceArn: string; readonly Tags: Tag[] }[];
    }>('elbv2.DescribeTags', { ResourceArns });
    return TagDescriptions.map(({ ResourceArn, Tags }) => [
      ResourceArn,
      new Map(Tags.map(({ Key, Value }) => [Key, Value])),
    ]);
  }
}
