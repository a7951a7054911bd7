import type { Clock } from '../time/clock.ts';
import type { Faults } from '../requests/faults.ts';
import type { Journal } from '../requests/journal.ts';
import { Access } from './access.ts';
import { ACTIONS } from './actions.ts';
import { copyOf } from './copy.ts';
import { AwsError } from './state/error.ts';
import { AccessKeys, SANDBOX_CREDENTIALS, type AccessKey } from './identity.ts';
import { faultAnswer, lostAnswer } from './fault-answer.ts';
import { Ids } from './state/ids.ts';
import { defaultLimits, type Limits } from './state/limits.ts';
import { Network } from './state/network.ts';
import type { ProbeResult, ProbeTarget, State } from './state/state.ts';
import { practiceCertificateArn } from './state/practice-certificate.ts';
import { putTags } from './state/resource-tags.ts';
import { trafficBalancers } from './elbv2/traffic.ts';
import type { TrafficBalancer, TrafficChange } from './state/traffic-balancer.ts';

/** True when an action can change something: all but Describe* and Get*. */
export function isMutating(action: string): boolean {
  return !/\.(Describe|Get)/.test(action);
}

/**
 * One AWS account in one region, in memory: `call` takes what an SDK would send and gives what the
 * SDK would hand back. What happens by itself (a load balancer becoming active, health checks,
 * draining) happens by the clock.
 */
export class AwsAccount {
  readonly region: string;
  readonly account: string;
  readonly access = new Access();
  readonly network: Network;
  /** Quotas, to be lowered or raised. */
  readonly limits: Limits;
  readonly accessKeyId = SANDBOX_CREDENTIALS.accessKeyId;
  readonly secretAccessKey = SANDBOX_CREDENTIALS.secretAccessKey;
  /** ARNs of its certificates, in ACM or IAM: one unless more are added. */
  readonly certificates = new Set<string>();
  /** Every key that HTTP lets in. */
  readonly keys = new AccessKeys();
  readonly #state: State;
  readonly #journal: Journal;
  readonly #faults: Faults | undefined;
  readonly #onTraffic = new Set<(change: TrafficChange) => void>();

  constructor(o: {
    readonly clock: Clock;
    readonly journal: Journal;
    /** Rules for the calls of controllers; those for HTTP requests are the endpoint's. */
    readonly faults?: Faults;
    readonly region?: string;
    readonly account?: string;
    /** Ids are made from it. */
    readonly seed?: string;
    /** No list answers with longer pages. */
    readonly pageSize?: number;
  }) {
    this.region = o.region ?? 'us-east-1';
    this.account = o.account ?? '123456789012';
    this.certificates.add(practiceCertificateArn(this));
    this.limits = defaultLimits();
    this.#journal = o.journal;
    this.#faults = o.faults;
    const tags: State['tags'] = new Map();
    const ids = new Ids(o.seed ?? 'sandbox');
    this.network = new Network({
      ids,
      region: this.region,
      now: () => o.clock.date(),
      putTags: (id, list) => putTags({ tags, limits: this.limits }, id, list),
      dropTags: (id) => tags.delete(id),
    });
    this.#state = {
      clock: o.clock,
      ids,
      region: this.region,
      account: this.account,
      limits: this.limits,
      network: this.network,
      loadBalancers: new Map(),
      listeners: new Map(),
      targetGroups: new Map(),
      certificates: this.certificates,
      tags,
      rolePolicies: new Map(),
      pageSize: o.pageSize,
      // Until something is connected behind the targets, nothing answers.
      probe: () => 'refused',
      onTraffic: (change) => this.#onTraffic.forEach((listener) => listener(change)),
    };
  }

  /** What health checks see; called again for each target at each check. */
  get probe(): (target: ProbeTarget) => ProbeResult {
    return this.#state.probe;
  }

  set probe(probe: (target: ProbeTarget) => ProbeResult) {
    this.#state.probe = probe;
  }

  /** Makes a role that has no inline policy yet, unless it is there. */
  addRole(name: string): void {
    if (!this.#state.rolePolicies.has(name)) this.#state.rolePolicies.set(name, new Map());
  }

  /** The load balancers as who hands on connections must know them; not journaled. */
  get balancers(): TrafficBalancer[] {
    return trafficBalancers(this.#state);
  }

  /** Calls `listener` when listeners changed or connections must end. Gives what ends the calls. */
  onTraffic(listener: (change: TrafficChange) => void): () => void {
    this.#onTraffic.add(listener);
    return () => void this.#onTraffic.delete(listener);
  }

  /** A key pair of its own for a program: the journal names `owner` as the actor of its requests. */
  addKey(owner: string): AccessKey {
    return this.keys.add(owner);
  }

  /** Largest page that lists answer with; undefined for AWS's own. */
  get pageSize(): number | undefined {
    return this.#state.pageSize;
  }

  set pageSize(size: number | undefined) {
    this.#state.pageSize = size;
  }

  /**
   * Does one action, `elbv2.DescribeTargetHealth` and the like, with PascalCase parameters and
   * result as in the AWS API, and journals it. A fault for the calls of `actor` hits it. Throws
   * AwsError. The result is the caller's own.
   */
  // oxlint-disable-next-line typescript/no-explicit-any -- as many shapes as actions
  call(action: string, params: object, actor: string): any {
    const note = (status: number): void =>
      this.#journal.add({
        world: 'aws',
        actor,
        action,
        params: copyOf(params),
        status,
        mutating: isMutating(action),
        source: 'internal',
      });
    try {
      const result = this.#performUnlessFaulted(action, params, actor);
      note(200);
      return result;
    } catch (error) {
      note(error instanceof AwsError ? error.status : 500);
      throw error;
    }
  }

  #performUnlessFaulted(action: string, params: object, actor: string): object {
    const rule = this.#faults?.take({ world: 'aws', text: action, caller: actor });
    if (!rule) return this.perform(action, params, actor);
    if (rule.kind === 'status') throw faultAnswer(rule);
    if (rule.kind === 'cut-after') this.perform(action, params, actor);
    throw lostAnswer(action, this.region);
  }

  /** As `call`, without a journal entry: for the HTTP skin, which writes its own. */
  perform(action: string, params: object, actor: string): object {
    const handler = ACTIONS[action];
    if (!handler) {
      throw new AwsError(
        'InvalidAction',
        `Could not find operation ${action.split('.')[1] ?? action} in the sandbox`,
      );
    }
    this.access.check(this.#state, action, actor, params);
    if ('DryRun' in params && params.DryRun === true) {
      throw new AwsError(
        'DryRunOperation',
        'Request would have succeeded, but DryRun flag is set.',
        412,
      );
    }
    return copyOf(handler(this.#state, copyOf(params)));
  }
}
