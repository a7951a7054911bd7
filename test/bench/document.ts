/** What one run of the benchmark measured. Times move by a quarter on a busy machine; ratios less. */
export interface BenchDocument {
  readonly apiVersion: 'nlbmc/v1';
  readonly kind: 'Benchmark';
  readonly at: string;
  readonly machine: Machine;
  /** What could not be measured here, and why. */
  readonly skips: readonly string[];
  readonly startUp: readonly Paired[];
  /** The walkthrough's commands against nlbmc. */
  readonly walkthrough: readonly Paired[];
  /** The same, with servers that are farther away. */
  readonly roundTrips: readonly Paired[];
  readonly clusters: readonly Timed[];
  readonly targets: readonly Large[];
  readonly wire: readonly Wire[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly node: string;
  readonly kubectl?: string;
  readonly aws?: string;
  /** Load of the last minute when the run began: above `cores`, times are those of a busy machine. */
  readonly load: number;
}

/** Medians of several whole processes, in milliseconds. */
export interface Cost {
  /** User and system time of the process and of those that it started. */
  readonly cpuMs: number;
  readonly wallMs: number;
}

export interface Timed extends Cost {
  readonly what: string;
  readonly runs: number;
}

/** A work in a large world. */
export interface Large extends Timed {
  /** Peak memory of the process, in MiB. */
  readonly memoryMib: number;
}

/** Two works in turn (A B A B …), and the median of A/B pair by pair. */
export interface Paired {
  readonly what: string;
  readonly against: string;
  /** What the ratio of processor time should be, such as `<= 4`. */
  readonly goal?: string;
  readonly runs: number;
  readonly a: Cost;
  readonly b: Cost;
  readonly cpuRatio: number;
  readonly wallRatio: number;
}

/** What one command sends and starts. */
export interface Wire {
  readonly what: string;
  readonly requests: number;
  /** Requests that had to wait for an answer of the one before. */
  readonly sequential: number;
  readonly connections: number;
  readonly processes: number;
  /** Peak memory of the process, in MiB. */
  readonly memoryMib: number;
}
