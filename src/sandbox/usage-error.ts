/** The person asked for a sandbox that cannot be: one sentence, and what to type instead. */
export class SandboxUsageError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = 'SandboxUsageError';
    this.hint = hint;
  }
}
