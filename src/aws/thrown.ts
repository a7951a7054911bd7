/** What the SDK's errors have in common with each other and with Node's. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  /** Node's code, such as ECONNRESET, where the connection is the trouble. */
  readonly code?: string;
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  /** The SDK saw that this machine's clock is off and has corrected for it. */
  readonly clockCorrected: boolean;
}

interface Loose {
  readonly name?: string;
  readonly message?: string;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly clockSkewCorrected?: boolean };
}

/**
 * Reads an error of the SDK. An error from another realm (Node's own, inside a VM context) the SDK
 * does not know as one: it wraps its text and loses its code, which is then in the text only
 * (`@smithy/core` retry, asSdkError).
 */
export function thrownOf(error: unknown): Thrown {
  const { name = 'Error', message = String(error), code, $metadata } = error as Loose;
  const wrapped = /^AWS SDK error wrapper for (\w+): (.*)$/s.exec(message);
  const said = wrapped?.[2] ?? message;
  const found = typeof code === 'string' ? code : wrapped ? codeIn(said) : undefined;
  return {
    name: wrapped?.[1] ?? name,
    message: said,
    clockCorrected: $metadata?.clockSkewCorrected === true,
    ...(found !== undefined && { code: found }),
    ...($metadata?.httpStatusCode !== undefined && { status: $metadata.httpStatusCode }),
  };
}

const codeIn = (text: string): string | undefined =>
  /socket hang up|aborted/.test(text) ? 'ECONNRESET' : /\b(E[A-Z_]{4,})\b/.exec(text)?.[1];
