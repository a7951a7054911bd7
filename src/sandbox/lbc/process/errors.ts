import { AwsError } from '../../aws/state/error.ts';

/** The Service cannot be turned into a load balancer: event FailedBuildModel, retried with backoff. */
export class BuildError extends Error {}

/** The binding's Service or port is gone (pkg/backend/endpoint_resolver.go, ErrNotFound). */
export class BackendNotFound extends Error {
  constructor(why: string) {
    super(`backend not found: ${why}`);
  }
}

/** The controller's process died in the middle of something; the code that catches it must stop. */
export class Crashed extends Error {
  constructor() {
    super('the controller process is gone');
  }
}

/** A slip in the sandbox's own code must be seen, not retried or made an event. */
export function isDefect(error: unknown): boolean {
  return (
    error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError
  );
}

/** A Go panic: controller-runtime recovers it and retries with backoff, and no event is written. */
export class GoPanic extends Error {}

const SERVICES: Readonly<Record<string, string>> = {
  elbv2: 'Elastic Load Balancing v2',
  ec2: 'EC2',
};

/**
 * The words in which the AWS SDK for Go v2 repeats a refusal; they end up in the events. The request
 * id is left out, so that repeated events can be counted instead of listed. `action` is
 * `elbv2.RegisterTargets`.
 */
export function awsErrorText(action: string, error: AwsError): string {
  const [service = '', operation = ''] = action.split('.');
  const what = error.code === '' ? error.message : `api error ${error.code}: ${error.message}`;
  return `operation error ${SERVICES[service] ?? service}: ${operation}, https response error StatusCode: ${error.status}, ${what}`;
}

/** An AWS refusal with the SDK's words; `code` is AWS's code. */
export class AwsCallError extends Error {
  readonly code: string;

  constructor(action: string, error: AwsError) {
    super(awsErrorText(action, error));
    this.code = error.code;
  }
}

/** Whether `error` is AWS's refusal with one of `codes`. */
export function isAwsCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof AwsCallError && codes.includes(error.code);
}
