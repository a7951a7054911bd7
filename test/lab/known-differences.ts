/** A difference between the sandbox and the real controller that stays, and why. */
export interface KnownDifference {
  /** Names of the scenarios that show it. */
  readonly scenarios: RegExp;
  /** Of a line that `differences` gives. */
  readonly line: RegExp;
  readonly why: string;
  /** File and line in the controller's repository. */
  readonly upstream: string;
}

/** No more than this many: a sandbox that differs in more is to be mended. */
export const MOST_KNOWN_DIFFERENCES = 10;

export const knownDifferences: readonly KnownDifference[] = [];
