import type { TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Mutable } from '../core/model/mutable.ts';
import { parseArn } from '../core/model/arn.ts';
import type { Reading } from '../core/model/problem.ts';
import { known, unknown } from '../core/model/problem.ts';
import type { RegisteredTarget } from '../core/model/target.ts';
import type { AwsClient } from './connect.ts';
import { groupsOf, listIn } from './fields.ts';
import { notAnArn } from './problem.ts';
import { cutTargets } from './target-health-xml.ts';

/**
 * All targets of a target group with their health. AWS gives them without pages; asked without
 * `Targets`, since a question with a wrong zone misses a target that is there.
 */
export async function readTargetHealth(
  aws: AwsClient,
  arn: string,
): Promise<Reading<readonly RegisteredTarget[]>> {
  if (!parseArn(arn)) return unknown(notAnArn(arn, 'target group'));
  const about = { action: 'DescribeTargetHealth', region: regionOf(arn), about: arn };
  const answer = await aws.elbv2(about, async (client, sdk, o) => {
    const command = new sdk.DescribeTargetHealthCommand({ TargetGroupArn: arn });
    let list: readonly TargetHealthDescription[] | undefined;
    command.middlewareStack.add(
      (next) => async (args) => {
        const found = await next(args);
        const answer = found.response as Answer;
        if (answer.statusCode !== 200) return found;
        const whole = await textOf(answer.body);
        const cut = cutTargets(whole);
        list = cut?.list;
        answer.body = Buffer.from(cut?.rest ?? whole);
        return found;
      },
      // After the SDK's own steps on the way out, so before them on the way back.
      { name: 'cutTargets', step: 'deserialize', priority: 'low' },
    );
    const output = await client.send(command, o);
    return list ?? output.TargetHealthDescriptions;
  });
  const targets = listIn(answer, (list) => list, about);
  return targets.ok ? known(targets.value.map(targetOf)) : targets;
}

/** What the SDK has received, and reads next. */
interface Answer {
  readonly statusCode: number;
  body: AsyncIterable<Uint8Array> | Uint8Array;
}

async function textOf(body: Answer['body']): Promise<string> {
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function targetOf({
  Target,
  TargetHealth,
  AdministrativeOverride,
}: TargetHealthDescription): RegisteredTarget {
  const found: Mutable<RegisteredTarget> = {
    target: Target?.QuicServerId
      ? { id: Target.Id ?? '', port: Target.Port ?? 0, serverId: Target.QuicServerId }
      : { id: Target?.Id ?? '', port: Target?.Port ?? 0 },
    // A state that AWS adds later counts as one that is not healthy.
    state: TargetHealth?.State ?? 'unavailable',
  };
  if (TargetHealth?.Reason) found.reason = TargetHealth.Reason;
  if (TargetHealth?.Description) found.description = TargetHealth.Description;
  if (Target?.AvailabilityZone) found.zone = Target.AvailabilityZone;
  if (AdministrativeOverride?.State === 'zonal_shift_active') found.shifted = true;
  return found;
}

/** The region that an ARN of ELBv2 names, also that of a listener; empty for what is no such ARN. */
export const regionOf = (arn: string): string =>
  parseArn(arn)?.region ??
  /^arn:aws[a-z-]*:elasticloadbalancing:([a-z0-9-]+):\d{12}:listener\//.exec(arn)?.[1] ??
  '';

/** ARNs in the batches that one call each can take: of one region, and at most `size`. */
export function regionalBatches(
  arns: readonly string[],
  size: number,
): readonly (readonly string[])[] {
  const regions = [...new Set(arns.map(regionOf))];
  return regions.flatMap((region) =>
    groupsOf(
      arns.filter((arn) => regionOf(arn) === region),
      size,
    ),
  );
}
