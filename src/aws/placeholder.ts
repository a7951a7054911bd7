import type { CreateTargetGroupCommandInput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { parseArn } from '../core/model/arn.ts';
import { known, type Reading, unknown } from '../core/model/problem.ts';
import type { AwsStep } from '../core/plan/plan.ts';
import type { AwsClient } from './connect.ts';
import { listIn } from './fields.ts';
import { notAnArn } from './problem.ts';
import { regionOf } from './target-health.ts';

type StepOf<Kind extends AwsStep['kind']> = Extract<AwsStep, { kind: Kind }>;

/**
 * Creates a target group without tags and targets. AWS answers with the one that is there where name
 * and settings are the same (ELBv2 API, CreateTargetGroup), so that the call may be sent again.
 * Problem `aws-error` (DuplicateTargetGroupName): one of that name has other settings.
 */
export async function createPlaceholder(
  aws: AwsClient,
  { region, name, protocol, port, targetType, vpcId }: StepOf<'create-placeholder'>,
): Promise<Reading<undefined>> {
  const about = { action: 'CreateTargetGroup', region, about: name };
  const input = {
    Name: name,
    // AWS knows more of both than this version of the SDK may.
    Protocol: protocol as CreateTargetGroupCommandInput['Protocol'],
    TargetType: targetType as CreateTargetGroupCommandInput['TargetType'],
    Port: port,
    VpcId: vpcId,
  };
  const answer = await aws.elbv2(about, (client, sdk, o) =>
    client.send(new sdk.CreateTargetGroupCommand(input), o),
  );
  const made = listIn(answer, (output) => output.TargetGroups, about);
  return made.ok ? known(undefined) : made;
}

/** Deletes a target group that no listener forwards to. One that is gone is no Problem. */
export async function deleteTargetGroup(
  aws: AwsClient,
  { arn }: StepOf<'delete-target-group'>,
): Promise<Reading<undefined>> {
  if (!parseArn(arn)) return unknown(notAnArn(arn, 'target group'));
  const about = { action: 'DeleteTargetGroup', region: regionOf(arn), about: arn };
  const answer = await aws.elbv2(about, (client, sdk, o) =>
    client.send(new sdk.DeleteTargetGroupCommand({ TargetGroupArn: arn }), o),
  );
  return answer.ok || answer.problem.code === 'aws-not-found' ? known(undefined) : answer;
}
