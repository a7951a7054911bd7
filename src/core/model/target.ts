/** A target of a target group. The key of a target is id, port and QUIC server id. */
export interface Target {
  /** Address, or instance id. */
  readonly id: string;
  readonly port: number;
  readonly serverId?: string;
}

/** The states of AWS, in AWS's spelling (ELBv2 API, TargetHealth.State). */
export type TargetState =
  | 'initial'
  | 'healthy'
  | 'unhealthy'
  | 'unhealthy.draining'
  | 'unused'
  | 'draining'
  | 'unavailable';

/** A target as AWS describes it. */
export interface RegisteredTarget {
  readonly target: Target;
  readonly state: TargetState;
  /** AWS's code, such as `Elb.InitialHealthChecking`. */
  readonly reason?: string;
  readonly description?: string;
  readonly zone?: string;
  /** Its zone is shifted away (ELBv2 API, AdministrativeOverride): it gets no new connections. */
  readonly shifted?: true;
}

/** What a controller recorded as its own for one binding; `missing`: there is no such ConfigMap. */
export type TrackedTargets =
  | { readonly kind: 'missing' }
  | { readonly kind: 'set'; readonly targets: readonly Target[] };
