import type { Clock } from '../../time/clock.ts';
import type { ControllerApi } from '../process/controller-api.ts';
import { isAwsCode } from '../process/errors.ts';
import { Expiring } from '../process/expiring.ts';
import { isSharedRule, oneByOne, permissionKey, permissionOf } from './ingress-rule.ts';
import type { IpPermission, WantedRule } from './ingress-rule.ts';

const TTL_MS = 10 * 60_000;

/** What the controller keeps of a security group. */
export interface GroupInfo {
  readonly id: string;
  /** One source each. */
  readonly ingress: readonly IpPermission[];
  readonly tags: ReadonlyMap<string, string>;
}

interface Described {
  readonly GroupId: string;
  readonly IpPermissions?: readonly IpPermission[];
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

/**
 * The rules of security groups as this process sees and changes them: what it read holds for 10
 * minutes, or until it changes a group itself (pkg/networking/security_group_manager.go,
 * security_group_reconciler.go).
 */
export class GroupRules {
  readonly #api: ControllerApi;
  readonly #known: Expiring<GroupInfo>;

  constructor(api: ControllerApi, clock: Clock) {
    this.#api = api;
    this.#known = new Expiring(clock, TTL_MS);
  }

  /** The groups with these ids; unknown ones are read from EC2. */
  byId(ids: readonly string[]): GroupInfo[] {
    const known = ids.flatMap((id) => this.#known.get(id) ?? []);
    const missing = ids.filter((id) => !known.some((info) => info.id === id)).toSorted();
    return missing.length === 0 ? known : [...known, ...this.describe({ GroupIds: missing })];
  }

  /** The groups that a request names; known from then on. */
  describe(params: object): GroupInfo[] {
    const found = this.#api.pages<Described>(
      'ec2.DescribeSecurityGroups',
      params,
      'SecurityGroups',
    );
    return found.map(({ GroupId, IpPermissions = [], Tags = [] }) => {
      const info: GroupInfo = {
        id: GroupId,
        ingress: IpPermissions.flatMap(oneByOne),
        tags: new Map(Tags.map(({ Key, Value }) => [Key, Value])),
      };
      this.#known.set(GroupId, info);
      return info;
    });
  }

  /**
   * Makes the rules of bindings on a group these, and no others unless `authorizeOnly`. Where EC2
   * contradicts what was known, once more with fresh knowledge; then a full group is relieved first.
   */
  reconcile(id: string, wanted: readonly WantedRule[], authorizeOnly: boolean): void {
    const permissions = wanted.map((rule) => permissionOf(rule, this.#api.names.sharedRule));
    const [info] = this.byId([id]);
    try {
      this.#apply(info!, permissions, authorizeOnly, false);
    } catch (error) {
      const full = isAwsCode(error, 'RulesPerSecurityGroupLimitExceeded');
      if (!full && !isAwsCode(error, 'InvalidPermission.Duplicate', 'InvalidPermission.NotFound')) {
        throw error;
      }
      const [fresh] = this.describe({ GroupIds: [id] });
      this.#apply(fresh!, permissions, authorizeOnly, full);
    }
  }

  #apply(
    info: GroupInfo,
    wanted: readonly IpPermission[],
    authorizeOnly: boolean,
    revokeFirst: boolean,
  ): void {
    const grant = (): void =>
      this.#change('ec2.AuthorizeSecurityGroupIngress', info.id, without(wanted, info.ingress));
    const revoke = (): void => {
      if (authorizeOnly) return;
      const extra = without(info.ingress, wanted).filter((one) =>
        isSharedRule(one, this.#api.names.sharedRule),
      );
      this.#change('ec2.RevokeSecurityGroupIngress', info.id, extra);
    };
    if (revokeFirst) revoke();
    grant();
    if (!revokeFirst) revoke();
  }

  #change(action: string, id: string, permissions: readonly IpPermission[]): void {
    if (permissions.length === 0) return;
    this.#api.aws(action, { GroupId: id, IpPermissions: permissions });
    this.#known.delete(id);
  }
}

/** Those of `some` that `others` do not have, each once, in upstream's order. */
function without(
  some: readonly IpPermission[],
  others: readonly IpPermission[],
): readonly IpPermission[] {
  const theirs = new Set(others.map(permissionKey));
  const ours = new Map(some.map((one) => [permissionKey(one), one]));
  return [...ours.keys()]
    .toSorted()
    .filter((key) => !theirs.has(key))
    .map((key) => ours.get(key)!);
}
