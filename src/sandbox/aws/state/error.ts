/**
 * A refusal as AWS gives it: the code that stands in the XML (`TargetGroupNotFound`, without the
 * `Exception` that the SDKs add), a sentence, and the HTTP status.
 */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
  }
}

/** ELBv2's answer to a parameter that cannot be: HTTP 400 `ValidationError`. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

/** The value of a parameter that must be there; ELBv2 and EC2 name what is missing in unlike words. */
export function required<T>(value: T | undefined, name: string, service: 'elbv2' | 'ec2'): T {
  if (value !== undefined && value !== '') return value;
  if (service === 'ec2') {
    throw new AwsError('MissingParameter', `The request must contain the parameter ${name}`);
  }
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  throw validationError(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}
