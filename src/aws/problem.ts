import { advice, awsHint, type ToolHint } from '../core/model/hint.ts';
import type { Problem } from '../core/model/problem.ts';
import { redact } from '../core/model/redact.ts';
import type { Call } from './endpoint.ts';
import { isDenied, isMissing, isNotFound, isRefused, isThrottling } from './error-names.ts';
import { type Thrown, thrownOf } from './thrown.ts';

export type AwsFailure =
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'interrupted' };

/** A call, with whose credentials it went out. */
export interface Place extends Call {
  readonly profile: string | undefined;
  readonly requestTimeoutMs: number;
}

/** IAM's name for a service, where it is not the service's own. */
const policyNames = { elbv2: 'elasticloadbalancing', ec2: 'ec2', sts: 'sts' } as const;

/** Turns a failed call into a Problem: the only place where AWS's errors get their words. */
export function problemOf(failure: AwsFailure, place: Place): Problem {
  const what = `${place.action}${place.about ? ` of ${place.about}` : ''}`;
  switch (failure.kind) {
    case 'interrupted':
      return { code: 'interrupted', message: `Interrupted during AWS ${what}.` };
    case 'timeout':
      return {
        code: 'aws-unreachable',
        message: `AWS in ${place.region} timed out after ${place.requestTimeoutMs / 1000} s: ${what}.`,
        hints: [
          advice(
            'Check the VPN, the proxy and the VPC endpoints. --request-timeout 60s waits longer.',
          ),
        ],
      };
    case 'error':
      return {
        about: { request: `${what} in ${place.region}` },
        ...ofError(thrownOf(failure.error), what, place),
      };
  }
}

function ofError(error: Thrown, what: string, place: Place): Problem {
  const { name, code, status } = error;
  const said = redact(error.message).replace(/\s+/g, ' ').trim().slice(0, 600);
  const details = said ? [`AWS says: ${said}`] : [];
  const who = place.profile ? `profile "${place.profile}"` : 'the default credentials';
  if (name === 'MissingCredentials') return withCause(said, place);
  if (isMissing(name)) return missing(said, place);
  if (isRefused(name)) {
    return {
      about: {},
      code: 'aws-credentials-refused',
      message: `AWS does not accept ${who} (${name}).`,
      hints: [whoAmI(place.profile)],
      details,
    };
  }
  if (isDenied(name)) {
    return {
      code: 'aws-denied',
      message: `AWS does not let ${who} call ${policyNames[place.service]}:${what} in ${place.region}.`,
      hints: [whoAmI(place.profile)],
      details,
    };
  }
  if (isThrottling(name)) {
    return {
      code: 'aws-throttled',
      message: `AWS in ${place.region} is throttling ${what}.`,
      hints: [advice('Run the command again later: all users of the account share the limit.')],
      details,
    };
  }
  if (isNotFound(name)) {
    return {
      code: 'aws-not-found',
      message: `AWS in ${place.region} does not know ${place.about ?? 'the requested resource'} (${name}).`,
      hints: [whoAmI(place.profile)],
      details,
    };
  }
  if (status !== undefined && status < 300) return malformed(place);
  if (code && status === undefined) return unreachable(code, said, place);
  return {
    code: 'aws-error',
    message: `AWS in ${place.region} answered ${what} with ${name}${status ? ` (${status})` : ''}.`,
    details,
  };
}

/** A text that should be an ARN, and is none: nothing was sent. */
export const notAnArn = (text: string, kind: string): Problem => ({
  code: 'aws-not-found',
  message: `"${text}" is not the ARN of a ${kind}.`,
});

/** An answer that cannot be what the API promises. */
export function malformed(place: Pick<Place, 'action' | 'region'>): Problem {
  return {
    code: 'answer-malformed',
    message: `The answer to ${place.action} from AWS in ${place.region} cannot be understood.`,
    hints: [advice('Check whether AWS_ENDPOINT_URL is set to something that is not AWS.')],
  };
}

/** The first real cause: what a profile, its helper or the environment lacks. */
const withCause = (cause: string, place: Place): Problem => ({
  code: 'aws-credentials-missing',
  message: `There are no AWS credentials: ${cause}.`,
  hints: [
    place.profile
      ? awsHint(['configure', 'list', ...inProfile(place.profile)])
      : advice('Name a profile with --profile or AWS_PROFILE.'),
  ],
});

function missing(said: string, place: Place): Problem {
  const tried = place.profile
    ? `No AWS credentials were found for profile "${place.profile}"`
    : 'No AWS credentials were found: no profile is named, and neither the environment, the profile "default" nor the machine gives any';
  const profile = inProfile(place.profile);
  return {
    about: {},
    code: 'aws-credentials-missing',
    message: `${tried}.`,
    hints: [
      /sso/i.test(said)
        ? awsHint(['sso', 'login', ...profile])
        : place.profile
          ? awsHint(['configure', 'list', ...profile])
          : advice('Name a profile with --profile or AWS_PROFILE.'),
    ],
    ...(said && { details: [`the AWS SDK says: ${said}`] }),
  };
}

const inProfile = (profile: string | undefined): readonly string[] =>
  profile === undefined ? [] : ['--profile', profile];

/** Whose credentials are used, and of which account: with them what they may not see is not there. */
export const whoAmI = (profile?: string): ToolHint =>
  awsHint(['sts', 'get-caller-identity', ...inProfile(profile)]);

function adviceOn(code: string): string {
  if (code === 'EPROXY') {
    return 'Check HTTPS_PROXY and HTTP_PROXY. NO_PROXY lists the hosts that are reached without a proxy.';
  }
  if (code === 'ECABUNDLE') return 'AWS_CA_BUNDLE names a file of PEM certificates.';
  if (/SELF_SIGNED|UNABLE_TO_|CERT_UNTRUSTED/.test(code)) {
    return 'If a proxy replaces certificates, set AWS_CA_BUNDLE to the file with its authority.';
  }
  return 'Check that this machine reaches AWS, the region, and AWS_ENDPOINT_URL where it is set.';
}

function unreachable(code: string, said: string, place: Place): Problem {
  const causes: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'the connection was refused',
    ENOTFOUND: 'the name of its endpoint was not found',
    EAI_AGAIN: 'the name of its endpoint could not be looked up',
    ECONNRESET: 'the connection was cut',
    EPIPE: 'the connection was cut',
    ETIMEDOUT: 'the connection timed out',
    CERT_HAS_EXPIRED: 'its certificate has expired',
  };
  return {
    code: 'aws-unreachable',
    message: `AWS in ${place.region} cannot be reached for ${place.action}: ${causes[code] ?? (said || code)}.`,
    hints: [advice(adviceOn(code))],
  };
}
