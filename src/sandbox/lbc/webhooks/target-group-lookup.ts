import { AwsError } from '../../aws/state/error.ts';
import type { AwsAccount } from '../../aws/account.ts';
import { AwsCallError } from '../process/errors.ts';

/** A target group as the webhooks need to know it. */
export interface TargetGroupFacts {
  readonly TargetGroupArn: string;
  readonly TargetType: string;
  readonly Protocol: string;
  readonly VpcId: string;
  readonly IpAddressType?: string;
}

/** Asks AWS at most once per admission request, and only if something needs the answer. */
export type TargetGroupLookup = () => TargetGroupFacts;

/**
 * webhooks/elbv2/targetgroup_helper.go: by ARN or by name; exactly one is expected. Raises
 * AwsCallError, or an Error with the upstream words.
 */
export function targetGroupLookup(
  account: AwsAccount,
  actor: string,
  by: { readonly arn: string } | { readonly name: string },
): TargetGroupLookup {
  let known: TargetGroupFacts | undefined;
  return () => {
    if (known) return known;
    const action = 'elbv2.DescribeTargetGroups';
    const params = 'arn' in by ? { TargetGroupArns: [by.arn] } : { Names: [by.name] };
    try {
      const { TargetGroups: groups } = account.call(action, params, actor) as {
        readonly TargetGroups: readonly TargetGroupFacts[];
      };
      if (groups.length !== 1) {
        const query = 'arn' in by ? by.arn : by.name;
        throw new Error(
          `expecting a single targetGroup with query [${query}] but got ${groups.length}`,
        );
      }
      known = groups[0]!;
      return known;
    } catch (error) {
      throw error instanceof AwsError ? new AwsCallError(action, error) : error;
    }
  };
}
