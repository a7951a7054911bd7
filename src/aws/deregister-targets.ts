import type { Reading } from '../core/model/problem.ts';
import { known, unknown } from '../core/model/problem.ts';
import { parseArn } from '../core/model/arn.ts';
import type { Target } from '../core/model/target.ts';
import type { AwsClient } from './connect.ts';
import { groupsOf } from './fields.ts';
import { notAnArn } from './problem.ts';
import { regionOf } from './target-health.ts';

/** As many in one call as the controller sends (`pkg/targetgroupbinding/targets_manager.go`). */
const targetsPerCall = 200;

/**
 * Deregisters targets from a target group; AWS drains them first. One that is not registered is no
 * Problem (ELBv2 API, DeregisterTargets), so that the call may be sent again.
 */
export async function deregisterTargets(
  aws: AwsClient,
  arn: string,
  targets: readonly Target[],
): Promise<Reading<undefined>> {
  if (!parseArn(arn)) return unknown(notAnArn(arn, 'target group'));
  const about = { action: 'DeregisterTargets', region: regionOf(arn), about: arn };
  for (const batch of groupsOf(targets, targetsPerCall)) {
    const Targets = batch.map(({ id, port, serverId }) => ({
      Id: id,
      Port: port,
      ...(serverId === undefined ? {} : { QuicServerId: serverId }),
    }));
    const answer = await aws.elbv2(about, (client, sdk, o) =>
      client.send(new sdk.DeregisterTargetsCommand({ TargetGroupArn: arn, Targets }), o),
    );
    if (!answer.ok) return answer;
  }
  return known(undefined);
}
