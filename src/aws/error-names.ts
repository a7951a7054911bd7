// AWS tells errors apart by code, which the SDK gives as the error's name; ELBv2 and EC2 spell the
// same trouble differently. Message texts are for people and change.

const throttling = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
]);

const refused = new Set([
  'AuthFailure',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'NotAuthorized',
  'OptInRequired',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

const denied = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AccessDeniedFault',
  'OperationNotPermitted',
  'OperationNotPermittedException',
  'UnauthorizedOperation',
]);

export const isThrottling = (name: string | undefined): boolean => throttling.has(name ?? '');
export const isRefused = (name: string | undefined): boolean => refused.has(name ?? '');
export const isDenied = (name: string | undefined): boolean => denied.has(name ?? '');
/** `TargetGroupNotFoundException`, `InvalidInstanceID.NotFound` and their like. */
export const isNotFound = (name: string | undefined): boolean =>
  /NotFound(Exception)?$|\.NotFound$/.test(name ?? '');
/** The SDK found no credentials, or a profile, SSO session or process gave none. */
export const isMissing = (name: string | undefined): boolean =>
  /^(MissingCredentials|CredentialsProviderError|TokenProviderError|ProviderError)$/.test(
    name ?? '',
  );
