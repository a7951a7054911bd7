import { createHash } from 'node:crypto';
import type { State } from './state/state.ts';

/** The key pair that the sandbox's endpoint knows from the start. It opens nothing anywhere else. */
export const SANDBOX_CREDENTIALS = {
  accessKeyId: 'AKIASANDBOX000000000',
  secretAccessKey: 'sandbox',
} as const;

/** A key pair of the account's user. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * The keys that HTTP lets in. All of them are one user's; further ones have an owner's name, by
 * which the journal tells programs apart that send the same user agent.
 */
export class AccessKeys {
  readonly #owners = new Map<string, string | undefined>([
    [SANDBOX_CREDENTIALS.accessKeyId, undefined],
  ]);

  /** Another key pair, the same for the same name. */
  add(owner: string): AccessKey {
    const digest = createHash('sha256').update(owner).digest('hex').toUpperCase();
    const accessKeyId = `AKIA${digest.slice(0, 16)}`;
    this.#owners.set(accessKeyId, owner);
    return { accessKeyId, secretAccessKey: SANDBOX_CREDENTIALS.secretAccessKey };
  }

  /** Whether the endpoint lets this key in. */
  knows(accessKeyId: string): boolean {
    return this.#owners.has(accessKeyId);
  }

  /** Whose key it is; undefined for the first key and for unknown ones. */
  ownerOf(accessKeyId: string): string | undefined {
    return this.#owners.get(accessKeyId);
  }
}

/** ARN of the user that the sandbox's keys belong to. */
export function userArn(state: State): string {
  return `arn:aws:iam::${state.account}:user/sandbox`;
}

/** ARN of the session in which EKS uses a cluster's role; what comes after the role's name is inferred. */
export function sessionArn(state: State, role: string): string {
  return `arn:aws:sts::${state.account}:assumed-role/${role}/aws-go-sdk`;
}

/** STS GetCallerIdentity. */
export function getCallerIdentity(state: State): object {
  return { UserId: 'AIDASANDBOX000000000', Account: state.account, Arn: userArn(state) };
}
