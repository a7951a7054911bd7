import type { Hint } from '../model/hint.ts';
import type { Progress } from './goal.ts';
import type { Plan, WriteStep } from './plan.ts';
import type { Problem } from '../model/problem.ts';
import type { ClusterEcho } from './report.ts';
import type { Verdict } from './verdict.ts';

/** Said while running, on stderr. */
export type Event =
  | { readonly kind: 'reading'; readonly text: string }
  /** A program that makes a credential takes its time: at most `mostMs` of it. */
  | { readonly kind: 'helper'; readonly text: string; readonly mostMs: number }
  | { readonly kind: 'retrying'; readonly text: string; readonly delayMs: number }
  | { readonly kind: 'targets-of-write'; readonly clusters: readonly ClusterEcho[] }
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'settling'; readonly problems: readonly Problem[]; readonly leftMs: number }
  /** The command that goes on from here, should this run be cut off. */
  | { readonly kind: 'rerun'; readonly command: Hint }
  | { readonly kind: 'writing'; readonly step: WriteStep }
  /** `apart`: other clusters make their steps beside it. */
  | { readonly kind: 'wrote'; readonly step: WriteStep; readonly apart?: boolean }
  | {
      readonly kind: 'waiting';
      readonly progress: readonly Progress[];
      readonly elapsedMs: number;
    }
  /** `verify --wait` looked, and looks again. */
  | { readonly kind: 'judged'; readonly verdict: Verdict; readonly elapsedMs: number }
  /** What a wait waits for cannot be watched, or no longer: it looks now and then, as it does anyway. */
  | { readonly kind: 'unwatched'; readonly text: string };

export type Emit = (event: Event) => void;
