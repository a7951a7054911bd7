import type { Reading } from '../core/model/problem.ts';

/** What proves to an API server who is asking. */
export interface Credential {
  /** Value of the header Authorization. */
  readonly authorization?: string;
  /** Client certificate and key, PEM. */
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  /** Milliseconds since 1970; absent: good until it is refused. */
  readonly expiresAt?: number;
}

/** Gives a credential; requests that wait for it share one call. */
export interface CredentialSource {
  get(): Promise<Reading<Credential>>;
  /**
   * Forgets a credential that the server refused, so that the next `get` makes a new one. False
   * when a new one would be the same.
   */
  renew(refused: Credential): boolean;
}

/** A credential that never changes. */
export const fixedSource = (make: () => Promise<Reading<Credential>>): CredentialSource => {
  let made: Promise<Reading<Credential>> | undefined;
  return { get: () => (made ??= make()), renew: () => false };
};

/** Renewed a minute before it expires: a request may take a while. */
const marginMs = 60_000;

/**
 * A credential that is made by a plugin or a signature, kept until it expires or is refused.
 * Parallel first calls share one promise: client-node would start a plugin for each.
 */
export function renewedSource(make: () => Promise<Reading<Credential>>): CredentialSource {
  let pending: Promise<Reading<Credential>> | undefined;
  let current: Credential | undefined;
  return {
    async get() {
      const stale = current?.expiresAt !== undefined && Date.now() > current.expiresAt - marginMs;
      if (stale) [pending, current] = [undefined, undefined];
      pending ??= make().then((made) => {
        if (made.ok) current = made.value;
        // A failure is for those who waited; the next call may have more luck.
        else pending = undefined;
        return made;
      });
      return pending;
    },
    renew(refused) {
      if (current === refused) [pending, current] = [undefined, undefined];
      return true;
    },
  };
}
