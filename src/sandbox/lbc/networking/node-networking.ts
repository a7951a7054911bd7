import type { Clock } from '../../time/clock.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { ControllerApi } from '../process/controller-api.ts';
import type { Endpoint } from '../process/endpoint.ts';
import { AwsCallError, isAwsCode } from '../process/errors.ts';
import { GroupRules } from './group-rules.ts';
import type { WantedRule } from './ingress-rule.ts';
import { TargetInterfaces } from './target-interfaces.ts';
import type { TargetInterface } from './interface-match.ts';
import { mergedRules, wantedRules } from './wanted-rules.ts';
import type { Networking } from './wanted-rules.ts';

/** What NodeNetworking needs to know of its controller. */
export interface NetworkingSettings {
  readonly clusterName: string;
  readonly vpcId: string;
  readonly flags: { readonly disableRestrictedSgRules: boolean };
}

type RulesByGroup = ReadonlyMap<string, readonly WantedRule[]>;

/**
 * Lets load balancers reach targets: ingress rules on the security groups of the pods' or nodes'
 * interfaces (pkg/networking/networking_manager.go). What all bindings of the cluster want is known
 * only in memory: until each binding with networking was reconciled by this process, rules are only
 * added. From then on a rule with the shared description that this cluster does not want is revoked,
 * whatever made it.
 */
export class NodeNetworking {
  readonly #api: ControllerApi;
  readonly #settings: NetworkingSettings;
  readonly #rules: GroupRules;
  readonly #interfaces: TargetInterfaces;
  readonly #wanted = new Map<string, RulesByGroup>();
  readonly #tracked = new Set<string>();
  #discovered = false;

  constructor(api: ControllerApi, clock: Clock, settings: NetworkingSettings) {
    this.#api = api;
    this.#settings = settings;
    this.#rules = new GroupRules(api, clock);
    this.#interfaces = new TargetInterfaces(api, clock, settings.vpcId);
  }

  /** Opens what the binding's endpoints need and closes what no binding needs any more. */
  reconcile(binding: KubeObject, endpoints: readonly Endpoint[]): void {
    const networking: Networking | undefined = binding['spec'].networking;
    const wanted = networking ? this.#compute(binding, networking, endpoints) : new Map();
    this.#store(binding, wanted);
  }

  /** The binding needs nothing any more. */
  cleanUp(binding: KubeObject): void {
    this.#store(binding, new Map());
  }

  #store(binding: KubeObject, wanted: RulesByGroup): void {
    this.#wanted.set(keyOf(binding), wanted);
    for (const group of wanted.keys()) this.#tracked.add(group);
    const complete = this.#isComplete();
    const merged = this.#merged();
    const failures: AwsCallError[] = [];
    for (const [group, rules] of merged) {
      try {
        this.#rules.reconcile(group, rules, !complete);
      } catch (error) {
        if (!(error instanceof AwsCallError)) throw error;
        failures.push(error);
      }
    }
    if (complete) this.#closeUnused(merged);
    const [first] = failures;
    if (first && failures.length === 1) throw first;
    if (first) throw new Error(failures.map(({ message }) => message).join('\n'), { cause: first });
  }

  /** Forgets bindings that are gone; whether what every binding with networking wants is known. */
  #isComplete(): boolean {
    const withNetworking = new Set(
      this.#api
        .list(this.#api.names.bindings)
        .filter((one) => one['spec'].networking)
        .map(keyOf),
    );
    for (const key of this.#wanted.keys()) {
      if (!withNetworking.has(key)) this.#wanted.delete(key);
    }
    return this.#wanted.size === withNetworking.size;
  }

  /** What each group needs for all bindings, in the order of the groups' ids: upstream has none. */
  #merged(): RulesByGroup {
    const byGroup = new Map<string, WantedRule[]>();
    for (const wanted of this.#wanted.values()) {
      for (const [group, rules] of wanted) {
        byGroup.set(group, [...(byGroup.get(group) ?? []), ...rules]);
      }
    }
    const restricted = !this.#settings.flags.disableRestrictedSgRules;
    return new Map(
      [...byGroup]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([group, rules]) => [group, mergedRules(rules, restricted)]),
    );
  }

  /** Groups that carried targets once, or whose tag says that they are the cluster's. */
  #closeUnused(used: RulesByGroup): void {
    if (!this.#discovered) {
      const { clusterName, vpcId } = this.#settings;
      const Filters = [
        { Name: `tag:${clusterTag(clusterName)}`, Values: ['owned', 'shared'] },
        { Name: 'vpc-id', Values: [vpcId] },
      ];
      for (const { id } of this.#rules.describe({ Filters })) this.#tracked.add(id);
      this.#discovered = true;
    }
    for (const group of [...this.#tracked].filter((id) => !used.has(id)).toSorted()) {
      try {
        this.#rules.reconcile(group, [], false);
      } catch (error) {
        if (!isAwsCode(error, 'InvalidGroup.NotFound')) throw error;
        this.#tracked.delete(group);
      }
    }
  }

  #compute(
    binding: KubeObject,
    networking: Networking,
    endpoints: readonly Endpoint[],
  ): RulesByGroup {
    const onNodes = binding['spec'].targetType === 'instance';
    const objects = endpoints.flatMap((endpoint) => {
      const found =
        endpoint.kind === 'node'
          ? this.#api.get('nodes', '', endpoint.nodeName)
          : this.#api.get('pods', binding.metadata.namespace!, endpoint.podName);
      return found ? [found] : [];
    });
    // A pod with two endpoints has one interface.
    const once = [...new Map(objects.map((one) => [one.metadata.uid, one])).values()];
    const interfaces = onNodes ? this.#interfaces.ofNodes(once) : this.#interfaces.ofPods(once);
    const byGroup = new Map<string, KubeObject[]>();
    for (const [object, one] of interfaces) {
      if (one.id === '') continue;
      const group = this.#groupOf(one);
      byGroup.set(group, [...(byGroup.get(group) ?? []), object]);
    }
    return new Map(
      [...byGroup].map(([group, members]) => [
        group,
        wantedRules(networking, onNodes ? [] : members),
      ]),
    );
  }

  /** The one group of an interface, or of several the one that is tagged as the cluster's. */
  #groupOf({ id, groupIds }: TargetInterface): string {
    const [only] = groupIds;
    if (only !== undefined && groupIds.length === 1) return only;
    const { clusterName } = this.#settings;
    const tag = clusterTag(clusterName);
    const tagged = this.#rules
      .byId(groupIds)
      .filter((group) => group.tags.has(tag))
      .map((group) => group.id)
      .toSorted();
    const [first] = tagged;
    if (first !== undefined && tagged.length === 1) return first;
    throw new Error(
      `expected exactly one securityGroup tagged with ${tag} for eni ${id}, got: [${tagged.join(' ')}] (clusterName: ${clusterName})`,
    );
  }
}

const clusterTag = (clusterName: string): string => `kubernetes.io/cluster/${clusterName}`;

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`;
