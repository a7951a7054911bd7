import { EC2 } from './ec2-names.ts';
import { AwsError } from '../state/error.ts';
import { fields, PLAIN } from './xml.ts';

export type Service = 'elbv2' | 'ec2' | 'iam' | 'sts';

/** The services behind the endpoint, by the API version that each request carries. */
const VERSIONS: Readonly<Record<string, Service>> = {
  '2015-12-01': 'elbv2',
  '2016-11-15': 'ec2',
  '2010-05-08': 'iam',
  '2011-06-15': 'sts',
};

const NAMESPACES: Readonly<Record<Service, string>> = {
  elbv2: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
  ec2: 'http://ec2.amazonaws.com/doc/2016-11-15/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
};

/** Service names as in the scope of a signature. */
const SCOPES: Readonly<Record<string, Service>> = {
  elasticloadbalancing: 'elbv2',
  ec2: 'ec2',
  iam: 'iam',
  sts: 'sts',
};

/** Who signed a request, and for where. */
export interface Credential {
  readonly accessKeyId: string;
  readonly region: string;
  readonly scope: string;
}

/**
 * The credential that a request names in its header or, presigned, in its query; undefined without
 * a signature.
 */
export function credentialOf(
  header: string | undefined,
  form: URLSearchParams,
): Credential | undefined {
  const named = /^AWS4-HMAC-SHA256 .*Credential=([^,\s]+).*Signature=[0-9a-f]+/.exec(header ?? '');
  const text = named?.[1] ?? (form.has('X-Amz-Signature') ? form.get('X-Amz-Credential') : null);
  if (!text) return undefined;
  const parts = text.split('/');
  if (parts.length < 5) return undefined;
  const [region = '', scope = ''] = parts.slice(-3);
  return { accessKeyId: parts.slice(0, -4).join('/'), region, scope };
}

/** The service that a request is for, by its version, else by its signature. */
export function serviceOf(version: string | null, credential: Credential | undefined): Service {
  return VERSIONS[version ?? ''] ?? SCOPES[credential?.scope ?? ''] ?? 'elbv2';
}

/**
 * Lets in who signed with a key of the account for this service and region, and throws each service's
 * refusal otherwise. The signature itself is not verified. STS and IAM accept any region. A
 * request for another service gets a message of the sandbox, because AWS has none for that.
 */
export function checkCredential(
  service: Service,
  credential: Credential | undefined,
  account: {
    readonly keys: { knows(accessKeyId: string): boolean };
    readonly region: string;
  },
): void {
  if (!credential) {
    throw new AwsError(
      'MissingAuthenticationToken',
      'Request is missing Authentication Token',
      403,
    );
  }
  if (!account.keys.knows(credential.accessKeyId)) {
    throw service === 'ec2'
      ? new AwsError(
          'AuthFailure',
          'AWS was not able to validate the provided access credentials',
          401,
        )
      : new AwsError(
          'InvalidClientTokenId',
          'The security token included in the request is invalid.',
          403,
        );
  }
  if (!SCOPES[credential.scope]) {
    throw new AwsError(
      'UnknownService',
      `The sandbox has elbv2, ec2, iam and sts, but not ${credential.scope}.`,
    );
  }
  if (SCOPES[credential.scope] !== service) {
    throw new AwsError(
      'SignatureDoesNotMatch',
      'Credential should be scoped to correct service.',
      403,
    );
  }
  if (service !== 'sts' && service !== 'iam' && credential.region !== account.region) {
    throw new AwsError(
      'SignatureDoesNotMatch',
      'Credential should be scoped to a valid region.',
      403,
    );
  }
}

/** The body of an answer. */
export function resultXml(
  service: Service,
  name: string,
  result: object,
  requestId: string,
): string {
  const open = `<${name}Response xmlns="${NAMESPACES[service]}">`;
  if (service === 'ec2') {
    const empty = Object.keys(result).length === 0;
    const body = fields(EC2, empty ? { Return: true } : result);
    return `${open}<requestId>${requestId}</requestId>${body}</${name}Response>`;
  }
  const metadata = fields(PLAIN, { ResponseMetadata: { RequestId: requestId } });
  return `${open}<${name}Result>${fields(PLAIN, result)}</${name}Result>${metadata}</${name}Response>`;
}

/** The body of a refusal. */
export function errorXml(service: Service, error: AwsError, requestId: string): string {
  const { code: Code, message: Message } = error;
  if (service === 'ec2') {
    const errors = fields(PLAIN, { Errors: { Error: { Code, Message } }, RequestID: requestId });
    return `<?xml version="1.0" encoding="UTF-8"?>\n<Response>${errors}</Response>`;
  }
  const Type = error.status >= 500 ? 'Receiver' : 'Sender';
  const body = fields(PLAIN, { Error: { Type, Code, Message }, RequestId: requestId });
  return `<ErrorResponse xmlns="${NAMESPACES[service]}">${body}</ErrorResponse>`;
}
