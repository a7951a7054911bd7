import { createHash, createHmac } from 'node:crypto';
import type { AwsCredentialIdentity } from '@smithy/types';

/** A form that is posted to the root of a host. */
export interface Signable {
  readonly host: string;
  readonly region: string;
  /** The service's name in signatures, such as `elasticloadbalancing`. */
  readonly signingName: string;
  readonly body: string;
}

const CONTENT = 'application/x-www-form-urlencoded';

/**
 * The headers of a request that is signed at `time`: Signature Version 4
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 */
export function signed(
  { host, region, signingName, body }: Signable,
  keys: AwsCredentialIdentity,
  time: Date,
): Readonly<Record<string, string>> {
  const stamp = time.toISOString().replace(/[-:]|\.\d+/g, '');
  const day = stamp.slice(0, 8);
  const headers = {
    'content-type': CONTENT,
    host,
    'x-amz-date': stamp,
    ...(keys.sessionToken && { 'x-amz-security-token': keys.sessionToken }),
  };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, text]) => `${name}:${text}\n`);
  const request = ['POST', '/', '', lines.join(''), names, hash(body)].join('\n');
  const scope = `${day}/${region}/${signingName}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', stamp, scope, hash(request)].join('\n');
  const key = [day, region, signingName, 'aws4_request'].reduce<Buffer | string>(
    hmac,
    `AWS4${keys.secretAccessKey}`,
  );
  const signature = hmac(key, text).toString('hex');
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer | string, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();
