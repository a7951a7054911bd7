import { patienceMs, silentMs } from '../wire/helper-process.ts';
import { MissingCredentials } from './missing-credentials.ts';
import type { AwsOptions } from './options.ts';

/**
 * Waits for keys that something outside of this program gives, as for a helper process: a person is
 * told once it takes longer than a moment, and after the same time it is given up. Rejects with
 * MissingCredentials then.
 */
export async function awaited<T>(
  what: string,
  make: () => Promise<T>,
  { emit }: Pick<AwsOptions, 'emit'>,
): Promise<T> {
  const mostMs = patienceMs.machine;
  const said = setTimeout(() => emit({ kind: 'helper', text: what, mostMs }), silentMs);
  let bound: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const give = (): void =>
      reject(new MissingCredentials(`${what} gave no answer within ${mostMs / 1000} s`));
    bound = setTimeout(give, mostMs);
  });
  try {
    return await Promise.race([make(), late]);
  } finally {
    clearTimeout(said);
    clearTimeout(bound);
  }
}
