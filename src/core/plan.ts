import type { Goal } from './goal.ts';
import type { ObjectName } from './kubernetes.ts';
import type { Problem } from './problem.ts';

/** A Kubernetes document as it is sent. */
export interface KubeDocument {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** One change. A step carries everything its adapter needs: adapters decide nothing. */
export type Step =
  | {
      readonly kind: 'annotate-service';
      readonly cluster: string;
      readonly service: ObjectName;
      readonly resourceVersion: string;
      /** Values there now; undefined: the annotation is absent. */
      readonly before: Readonly<Record<string, string | undefined>>;
      readonly after: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'create-service';
      readonly cluster: string;
      readonly document: KubeDocument;
    }
  | {
      readonly kind: 'apply-binding';
      readonly cluster: string;
      readonly document: KubeDocument;
      /** Take over fields that another manager owns. */
      readonly force: boolean;
      /** Paths that change on a binding that is there already, with before and after; empty when new. */
      readonly changes: readonly { path: string; before: unknown; after: unknown }[];
    };

/** A request with dryRun=All that tells before the first write what the server would make of it. */
export type Rehearsal =
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'set-flag'; readonly cluster: string; readonly binding: ObjectName };

/** The decision. Nothing is written unless `blockers` is empty. */
export interface Plan {
  readonly steps: readonly Step[];
  /**
   * The asked state as documents, in the order to apply them, for `-o manifest`. The same before
   * and after the steps were made: a manifest that came out empty would have GitOps take it all away.
   */
  readonly documents: readonly KubeDocument[];
  readonly rehearsals: readonly Rehearsal[];
  /** What to wait for, after the steps or without any. */
  readonly goals: readonly Goal[];
  readonly blockers: readonly Problem[];
  readonly cautions: readonly Problem[];
  /** Blockers that time may cure (a rollout): waited for before they count, bounded. */
  readonly settling: readonly Problem[];
  /** Facts that would have improved the decision and could not be read: shown, never passed. */
  readonly skips: readonly Problem[];
}
