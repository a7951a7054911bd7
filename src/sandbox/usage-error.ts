/** The options describe a sandbox that is impossible: one sentence, and what to type instead. */
export class SandboxUsageError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = 'SandboxUsageError';
    this.hint = hint;
  }
}
