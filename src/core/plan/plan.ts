import type { PortCapacity } from '../observed/capacity.ts';
import type { Goal } from './goal.ts';
import type { Hint } from '../model/hint.ts';
import type { BindingName, ObjectName } from '../model/kubernetes.ts';
import type { Phase } from '../model/handover.ts';
import type { AwsHandoverStep, HandoverStep, LaterChange } from './handover-step.ts';
import type { Problem } from '../model/problem.ts';
import type { Target } from '../model/target.ts';

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

/** A document of the required state, with the cluster that it is for. */
export interface PlannedDocument {
  readonly cluster: string;
  /**
   * `part`: only the fields of an object that nlbmc decides. The object has a source already, and
   * the fields belong into it. `whole`: nlbmc creates the object.
   */
  readonly extent: 'whole' | 'part';
  /** The cluster that has to share its target groups before this is applied, where the plan shares them, too. */
  readonly after?: string;
  readonly document: KubeDocument;
}

/** One change. A step carries everything its adapter needs: adapters decide nothing. */
export type WriteStep =
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
    }
  /** Sets or clears `multiClusterTargetGroup` of a binding that is there, and nothing else of it. */
  | {
      readonly kind: 'set-flag';
      readonly cluster: string;
      readonly binding: BindingName;
      readonly resourceVersion: string;
      readonly flag: boolean;
    }
  | {
      readonly kind: 'delete-binding';
      readonly cluster: string;
      readonly binding: BindingName;
      /** Another one of that name is not deleted. */
      readonly uid: string;
      readonly targetGroupArn: string;
      /** What its controller registered for it: the record of that goes with the binding. */
      readonly tracked: readonly Target[];
      /** The command that joins again. */
      readonly undo: Hint;
    }
  | {
      readonly kind: 'delete-service';
      readonly cluster: string;
      readonly service: ObjectName;
      readonly uid: string;
    }
  | {
      readonly kind: 'deregister-targets';
      readonly targetGroupArn: string;
      readonly targets: readonly Target[];
      /** Whose they are, where that is known. */
      readonly cluster?: string;
    }
  | {
      readonly kind: 'remove-finalizer';
      readonly cluster: string;
      readonly binding: BindingName;
      readonly uid: string;
      /** All finalizers at present. The resource version cannot be used: the plan's own deletion changes it. */
      readonly before: readonly string[];
      /** Those of other managers, which stay. */
      readonly finalizers: readonly string[];
    }
  /** Deletes the ConfigMap with a binding's tracked targets. */
  | { readonly kind: 'delete-tracked'; readonly cluster: string; readonly binding: BindingName }
  /** Clears the checkpoint: the controller then runs a full reconcile of the binding. */
  | {
      readonly kind: 'reset-checkpoint';
      readonly cluster: string;
      readonly binding: BindingName;
      readonly resourceVersion: string;
    }
  | HandoverStep;

/** A change that goes to AWS, which has no rehearsal. */
export type AwsStep = AwsHandoverStep | Extract<WriteStep, { kind: 'deregister-targets' }>;

/** A change that goes to a Kubernetes API, which can rehearse it. */
export type ClusterStep = Exclude<WriteStep, AwsStep>;

const sentToAws = [
  'deregister-targets',
  'write-tags',
  'create-placeholder',
  'delete-target-group',
] as const satisfies readonly AwsStep['kind'][];

/** Whether a change goes to AWS. */
export const isAwsStep = (step: WriteStep): step is AwsStep =>
  sentToAws.some((kind) => kind === step.kind);

/** A wait that the steps after it depend on. */
export interface Wait {
  readonly kind: 'wait';
  readonly phase?: Phase;
  /** The cluster that it is a part of, where the plan has clusters side by side. */
  readonly cluster?: string;
  readonly goals: readonly Goal[];
  /** The steps after it were planned as if the goals held: when they do, the run plans again. */
  readonly replans?: true;
}

/** What a plan does in its order: changes, and waits that the changes after them depend on. */
export type Step = WriteStep | Wait;

/** What a plan is going to do when its steps have taken effect: changes, and waits between them. */
export type Later = LaterChange | Wait;

/** What a person is told of a change or wait, planned or not yet. */
export type ToldStep = Step | LaterChange;

/** A cluster that was named and takes no part in a plan, with what stands in its way. */
export interface LeftOut {
  readonly cluster: string;
  readonly problems: readonly Problem[];
}

/** Whether a step changes something. */
export const isWrite = (step: Step): step is WriteStep => step.kind !== 'wait';

/** Whether a step changes something in a cluster: its API can rehearse it. */
export const isClusterStep = (step: Step): step is ClusterStep => isWrite(step) && !isAwsStep(step);

/** A request with dryRun=All that tells before the first write what the server would make of it. */
export type Rehearsal =
  | { readonly kind: 'step'; readonly step: ClusterStep }
  | { readonly kind: 'set-flag'; readonly cluster: string; readonly binding: ObjectName };

/** The decision. Nothing is written unless `blockers` is empty. */
export interface Plan {
  readonly steps: readonly Step[];
  /** What the run does when the steps have taken effect, and plans only then: it is told, and never sent. */
  readonly later?: readonly Later[];
  /**
   * The required state as documents, in the order to apply them, for `-o manifest`. The same before
   * and after the steps were made: a manifest that came out empty would have GitOps take it all away.
   */
  readonly documents: readonly PlannedDocument[];
  readonly rehearsals: readonly Rehearsal[];
  /** What to wait for, after the steps or without any. */
  readonly goals: readonly Goal[];
  readonly blockers: readonly Problem[];
  readonly cautions: readonly Problem[];
  /** What differs from what nlbmc would create, but serves; the plan does not change it. */
  readonly notes?: readonly Problem[];
  /** Blockers that time may cure (a rollout): waited for before they count, bounded. */
  readonly settling: readonly Problem[];
  /** Other problems that these steps do not repair: why, and what to type. */
  readonly unmended?: readonly Problem[];
  /** Facts that would have improved the decision and could not be read: shown, never passed. */
  readonly skips: readonly Problem[];
  /**
   * Contexts whose steps and goals do not depend on one another: where one fails, the others go on.
   * Absent: the first step that fails ends the plan.
   */
  readonly sideBySide?: readonly string[];
  /** Clusters that were named and cannot take part; the others go on without them. */
  readonly leftOut?: readonly LeftOut[];
  /** What each target group has before and after, where targets are deregistered. */
  readonly capacity?: readonly PortCapacity[];
}
