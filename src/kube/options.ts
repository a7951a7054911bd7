import type { Emit } from '../core/plan/event.ts';
import type { InTurn } from '../wire/at-most.ts';

/** Keys that sign a request to AWS. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Whose keys: a profile, perhaps after taking on a role. */
export interface AwsKeysWanted {
  readonly profile?: string;
  readonly roleArn?: string;
  readonly region: string;
}

/** What connecting to clusters needs from the command line and the world. */
export interface KubeOptions {
  /** Value of `--kubeconfig`; without it KUBECONFIG, then ~/.kube/config. */
  readonly kubeconfig?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For one request, its answer included. */
  readonly requestTimeoutMs: number;
  /** User and groups to impersonate. */
  readonly as?: string;
  readonly asGroups?: readonly string[];
  readonly signal?: AbortSignal;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly emit: Emit;
  /** Sign tokens of recognised `aws eks get-token` command lines here, without a program. */
  readonly nativeEksToken: boolean;
  /** Where those signatures get their keys (`AwsClient.keys`); without it the plugin is run. */
  readonly awsKeys?: (wanted: AwsKeysWanted) => Promise<AwsKeys>;
  /** Whether a credential plugin may ask the person at the terminal. */
  readonly interactive?: boolean;
  /** In whose turn a request goes out; without it each goes out at once. */
  readonly inTurn?: InTurn;
  /** Objects in one page of a list (default 500). */
  readonly pageSize?: number;
}
