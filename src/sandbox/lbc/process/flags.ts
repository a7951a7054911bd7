/** The controller's command line, as far as the sandbox honours it; each name is the flag's. */
export interface LbcFlags {
  /** Only objects of this namespace are reconciled; webhooks see all. */
  readonly watchNamespace?: string;
  /** An existing group used as the shared backend group: never made, tagged or deleted. */
  readonly backendSecurityGroup?: string;
  readonly enableBackendSecurityGroup?: boolean;
  readonly enableManageBackendSecurityGroupRules?: boolean;
  readonly disableRestrictedSgRules?: boolean;
  readonly loadBalancerClass?: string;
  /** 0 means no limit. */
  readonly maxTargetsPerTargetGroup?: number;
  /** Milliseconds until a binding with pending readiness gates is looked at again. */
  readonly targetGroupBindingRequeueMs?: number;
  /** Milliseconds after which all objects are queued again. */
  readonly syncPeriodMs?: number;
  /** `--feature-gates=EnableTCPUDPListener=true`; since v2.13. */
  readonly enableTcpUdpListener?: boolean;
  /** `--feature-gates=NLBHealthCheckAdvancedConfig=false`: health checks of target groups never change. */
  readonly nlbHealthCheckAdvancedConfig?: boolean;
  /** Security policy of the TLS listeners whose Service names none. */
  readonly defaultSslPolicy?: string;
  /** Name of the Lease by which its pods choose a leader. */
  readonly leaderElectionId?: string;
  /** Helm's enableServiceMutatorWebhook. */
  readonly enableServiceMutatorWebhook?: boolean;
}

/** The flags with their defaults filled in. */
export type ResolvedFlags = Required<Omit<LbcFlags, 'watchNamespace' | 'backendSecurityGroup'>> &
  Pick<LbcFlags, 'watchNamespace' | 'backendSecurityGroup'>;

/** Defaults of pkg/config/controller_config.go, runtime_config.go, service_config.go and resource_manager.go (15 s). */
export function resolveFlags(flags: LbcFlags): ResolvedFlags {
  return {
    enableBackendSecurityGroup: true,
    enableManageBackendSecurityGroupRules: false,
    disableRestrictedSgRules: false,
    loadBalancerClass: 'service.k8s.aws/nlb',
    maxTargetsPerTargetGroup: 0,
    targetGroupBindingRequeueMs: 15_000,
    syncPeriodMs: 10 * 60 * 60_000,
    enableTcpUdpListener: false,
    nlbHealthCheckAdvancedConfig: true,
    defaultSslPolicy: 'ELBSecurityPolicy-2016-08',
    leaderElectionId: 'aws-load-balancer-controller-leader',
    enableServiceMutatorWebhook: true,
    ...flags,
  };
}

/** Container args as the Helm chart renders them: only what differs from the defaults is shown. */
export function containerArgs(clusterName: string, vpcId: string, flags: LbcFlags): string[] {
  const args = [`--cluster-name=${clusterName}`, '--ingress-class=alb', `--aws-vpc-id=${vpcId}`];
  const put = (name: string, value: string | number | boolean | undefined): void => {
    if (value !== undefined) args.push(`--${name}=${value}`);
  };
  put('watch-namespace', flags.watchNamespace);
  put('backend-security-group', flags.backendSecurityGroup);
  put('enable-backend-security-group', flags.enableBackendSecurityGroup);
  put('enable-manage-backend-security-group-rules', flags.enableManageBackendSecurityGroupRules);
  put('disable-restricted-sg-rules', flags.disableRestrictedSgRules);
  put('load-balancer-class', flags.loadBalancerClass);
  put('max-targets-per-target-group', flags.maxTargetsPerTargetGroup);
  put('targetgroupbinding-requeue-duration', goDuration(flags.targetGroupBindingRequeueMs));
  put('default-ssl-policy', flags.defaultSslPolicy);
  put('leader-election-id', flags.leaderElectionId);
  put('sync-period', goDuration(flags.syncPeriodMs));
  put('feature-gates', gatesOf(flags));
  return args;
}

/** The gates that are set, as `--feature-gates` takes them; undefined: none. */
function gatesOf(flags: LbcFlags): string | undefined {
  const gates = {
    EnableTCPUDPListener: flags.enableTcpUdpListener,
    NLBHealthCheckAdvancedConfig: flags.nlbHealthCheckAdvancedConfig,
  };
  const set = Object.entries(gates).filter(([, value]) => value !== undefined);
  return set.length === 0 ? undefined : set.map(([name, value]) => `${name}=${value}`).join();
}

function goDuration(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : `${ms}ms`;
}
