import type { Problem } from '../model/problem.ts';
import type { MemberState } from './verdict.ts';

/** How a connection failed, in the order in which it can. */
export const failureKinds = [
  'dns',
  'refused',
  'unreachable',
  'timeout',
  'tls',
  'reset',
  'closed-early',
  'bad-answer',
] as const;

export type FailureKind = (typeof failureKinds)[number];

/** Connections to each port; `enough`: as many as the number of clusters needs. */
export type Connections = number | 'enough';

/** How an answer tells who gave it: its header, a match in its body, or the logs of the pods. */
export type Identify =
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'body'; readonly pattern: string }
  | { readonly kind: 'logs' };

/** What a person requires of `verify --traffic`. */
export interface TrafficIntent {
  readonly identify?: Identify;
  readonly maxFailures: number;
  /** Percentage points that a cluster's share may differ from what is expected. */
  readonly maxSkew?: number;
  /** A command changes the targets at the same time: shares are shown, but not judged. */
  readonly during: boolean;
  /** Connections go to the address that the person named, which may be the address of one zone only. */
  readonly redirected: boolean;
}

/** A listener of the load balancer that connections are opened to. */
export interface TrafficPort {
  readonly port: number;
  /** As in the verdict on the bindings. */
  readonly servicePort: number | string;
  readonly targetGroupArn: string;
  /** `TCP`, `TCP_UDP` or `TLS`. */
  readonly protocol: string;
  /** DNS name of the load balancer. */
  readonly host: string;
}

export type AttemptResult =
  /** `marks`: what the answer says of who gave it; absent where it says nothing. */
  | { readonly kind: 'answered'; readonly marks?: readonly string[] }
  | { readonly kind: 'failed'; readonly failure: FailureKind; readonly detail: string }
  /** Stopped because the run was interrupted: neither a success nor a failure. */
  | { readonly kind: 'interrupted' };

/** One connection. Times are milliseconds. */
export interface Attempt {
  /** From 0 on; the number in its path. */
  readonly id: number;
  readonly port: number;
  /** Since the run began. */
  readonly startedMs: number;
  /** Until TCP was connected; absent: it never was. */
  readonly connectMs?: number;
  readonly totalMs: number;
  /** The address connected to: an address of the load balancer is one of its zones. */
  readonly address?: string;
  readonly result: AttemptResult;
}

/** Requests of this run that a pod has in its log, by the number in their path. */
export interface LoggedPod {
  readonly cluster: string;
  readonly pod: string;
  readonly ids: readonly number[];
}

/** Failures by kind; kinds without any are absent. */
export type Failures = Readonly<Partial<Record<FailureKind, number>>>;

/** What one target answered. */
export interface TargetShare {
  /** Name of the pod where it is known, else the target. */
  readonly name: string;
  readonly connections: number;
}

export interface ClusterShare {
  readonly cluster: string;
  readonly healthy: number;
  readonly connections: number;
  /** Of all that were answered. */
  readonly percent: number;
  /** From target counts and zones; null: not known. */
  readonly expectedPercent: number | null;
  readonly targets: readonly TargetShare[];
}

/** What happened to the connections that were opened in one second. */
export interface SecondCount {
  /** Since the run began, from 0 on. */
  readonly second: number;
  /** ISO 8601. */
  readonly at: string;
  readonly opened: number;
  readonly answered: number;
  readonly slow: number;
  readonly failures: Failures;
}

export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** The raw counts of one port, and what was expected of it. */
export interface PortTraffic {
  readonly port: number;
  readonly protocol: string;
  readonly host: string;
  /** Addresses that were connected to. */
  readonly addresses: readonly string[];
  readonly opened: number;
  readonly answered: number;
  readonly failures: Failures;
  /** Answered, and it took a second or longer. */
  readonly slow: number;
  /** Milliseconds until connected; null: nothing was. */
  readonly connectMs: Latency | null;
  /** Null: the request does not identify clusters. */
  readonly clusters: readonly ClusterShare[] | null;
  /** Answers that identify no listed cluster, by their mark (`''`: none). */
  readonly unidentified: Readonly<Record<string, number>>;
  readonly seconds: readonly SecondCount[];
  /** What explains the numbers, in sentences. */
  readonly notes: readonly string[];
}

/** The command that ran meanwhile. */
export interface DuringCommand {
  readonly words: readonly string[];
  /** 128 + N after signal N. */
  readonly exit: number;
}

/** The verdict on connections; computed once, no renderer may change it. */
export interface TrafficVerdict {
  readonly state: MemberState;
  readonly exit: 0 | 3 | 8;
  readonly identifiedBy: Identify['kind'] | null;
  readonly ports: readonly PortTraffic[];
  readonly command?: DuringCommand;
  readonly problems: readonly Problem[];
  /** Listeners that were not tried, since connections prove nothing there. */
  readonly skips: readonly Problem[];
}

/** An answer that takes this long is slow: a person notices it. */
export const slowMs = 1_000;
