import type { State } from './state.ts';

/** The one key pair that the sandbox's endpoint knows. It opens nothing anywhere else. */
export const SANDBOX_CREDENTIALS = {
  accessKeyId: 'AKIASANDBOX000000000',
  secretAccessKey: 'sandbox',
} as const;

/** ARN of the user that the sandbox's keys belong to. */
export function userArn(state: State): string {
  return `arn:aws:iam::${state.account}:user/sandbox`;
}

/** STS GetCallerIdentity. */
export function getCallerIdentity(state: State): object {
  return { UserId: 'AIDASANDBOX000000000', Account: state.account, Arn: userArn(state) };
}
