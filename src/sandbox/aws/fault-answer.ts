import type { FaultRule } from '../requests/faults.ts';
import { AwsError } from './state/error.ts';

/** Error codes for a fault that names a status only. */
const CODES: Readonly<Record<number, string>> = {
  400: 'Throttling',
  401: 'AuthFailure',
  403: 'AccessDenied',
  429: 'TooManyRequestsException',
  503: 'ServiceUnavailable',
};

/** What AWS answers where a fault of kind `status` hits. */
export function faultAnswer(rule: FaultRule): AwsError {
  const status = rule.status ?? 500;
  const code = rule.reason ?? CODES[status] ?? 'InternalFailure';
  const words = code === 'Throttling' ? 'Rate exceeded' : `Fault made by the sandbox: ${code}`;
  return new AwsError(code, words, status);
}

const HOSTS: Readonly<Record<string, string>> = { elbv2: 'elasticloadbalancing' };

/**
 * What the SDK for Go makes of a connection that ends before the answer (smithy-go,
 * transport/http/client.go, RequestSendError): no code, and 0 as status.
 */
export function lostAnswer(action: string, region: string): AwsError {
  const [service = ''] = action.split('.');
  const url = `https://${HOSTS[service] ?? service}.${region}.amazonaws.com/`;
  return new AwsError('', `request send failed, Post "${url}": EOF`, 0);
}
