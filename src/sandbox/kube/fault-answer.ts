import type { FaultRule } from '../requests/faults.ts';
import { failure, type StatusError } from './status-error.ts';

/** Reasons for a fault that names a status only. */
const REASONS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  429: 'TooManyRequests',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** What the API server answers where a fault of kind `status` hits. */
export function faultAnswer(rule: FaultRule): StatusError {
  const code = rule.status ?? 500;
  const reason = rule.reason ?? REASONS[code] ?? 'InternalError';
  return failure(code, reason, 'injected by a fault rule');
}
