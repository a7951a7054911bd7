import type { Reading } from '../core/model/problem.ts';
import { known, unknown } from '../core/model/problem.ts';
import type { AwsClient } from './connect.ts';
import { malformed } from './problem.ts';

/** The account that the credentials belong to. Every identity may ask (STS GetCallerIdentity). */
export async function readAccount(aws: AwsClient, region: string): Promise<Reading<string>> {
  const about = { action: 'GetCallerIdentity', region };
  const answer = await aws.sts(about, (client, sdk, o) =>
    client.send(new sdk.GetCallerIdentityCommand({}), o),
  );
  if (!answer.ok) return answer;
  return answer.value.Account ? known(answer.value.Account) : unknown(malformed(about));
}
