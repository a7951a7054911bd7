import { serveAws } from '../../../src/sandbox/aws/http/serve.ts';
import { Faults } from '../../../src/sandbox/requests/faults.ts';
import { practiceAccount } from './practice-account.ts';

/** The practice account behind its HTTP endpoint. */
export async function practiceEndpoint(o: { pageSize?: number } = {}) {
  const it = practiceAccount(o);
  const faults = new Faults();
  const { clock, journal } = it;
  const endpoint = await serveAws(it.account, { journal, faults, clock });
  const { accessKeyId, secretAccessKey } = it.account;
  const client = {
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  };
  return { ...it, faults, endpoint, client };
}

/** The error that a request is refused with. */
export const errorOf = async (
  promise: Promise<unknown>,
): Promise<Error & { $metadata?: { httpStatusCode?: number } }> =>
  promise.then(
    () => Promise.reject(new Error('not refused')),
    (error: Error) => error,
  );
