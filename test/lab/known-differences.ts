/** A difference between the sandbox and the real controller that stays, and why. */
export interface KnownDifference {
  /** Names of the scenarios that show it. */
  readonly scenarios: RegExp;
  /** Of a line that `differences` gives. */
  readonly line: RegExp;
  readonly why: string;
  /** File and line in the repository of the controller, or of Kubernetes. */
  readonly upstream: string;
}

/** No more than this many: a sandbox that differs in more is to be mended. */
export const MOST_KNOWN_DIFFERENCES = 10;

export const knownDifferences: readonly KnownDifference[] = [
  {
    scenarios: /^(?:damage-stays|address-reuse)$/,
    // What verify says of the endpoint, and what it therefore exits with, names and prints.
    line: /runs\/\d+ verify /,
    why: 'These scenarios let minutes pass. In the sandbox the API server lives them, too, and verify says controller-stalled. In the lab the API server keeps real time, in which seconds have passed since the last change.',
    upstream:
      'staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/managedfieldsupdater.go:63',
  },
];
