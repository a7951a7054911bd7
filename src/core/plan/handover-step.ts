import type { noteManager, Phase } from '../model/handover.ts';
import type { BindingName, ObjectName } from '../model/kubernetes.ts';

/** A field that a step changes, with its value before and after; undefined: it is absent. */
export interface FieldChange {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What only a handover does. */
export type HandoverStep = ClusterHandoverStep | AwsHandoverStep;

type ClusterHandoverStep =
  /** Changes what decides which controller looks after a Service, or its status. */
  | {
      readonly kind: 'patch-service';
      readonly phase: Phase;
      readonly cluster: string;
      readonly service: ObjectName;
      readonly uid: string;
      /** The Service as it was planned for; absent: a step before this one has changed it. */
      readonly resourceVersion?: string;
      readonly subresource?: 'status';
      /** The field manager of a note: so its time is that of the note, and does not move with other writes. */
      readonly manager?: typeof noteManager;
      /** A JSON merge patch (RFC 7396): null takes a field away. */
      readonly patch: Readonly<Record<string, unknown>>;
      readonly changes: readonly FieldChange[];
    }
  /** Changes labels or network rules of a binding that is there. */
  | {
      readonly kind: 'patch-binding';
      readonly phase: Phase;
      readonly cluster: string;
      readonly binding: BindingName;
      readonly uid: string;
      /** A JSON merge patch (RFC 7396): null takes a field away. */
      readonly patch: Readonly<Record<string, unknown>>;
      readonly changes: readonly FieldChange[];
    }
  /** As `kubectl rollout restart` does it. */
  | {
      readonly kind: 'restart-controller';
      readonly phase: Phase;
      readonly cluster: string;
      readonly deployment: ObjectName;
      /** ISO 8601. */
      readonly at: string;
    };

export type AwsHandoverStep =
  /** Sets and removes tags of load balancers, listeners and target groups (by ARN), or of security groups (by id). */
  | {
      readonly kind: 'write-tags';
      readonly phase: Phase;
      readonly cluster?: undefined;
      readonly region: string;
      readonly of: 'load-balancing' | 'security-group';
      readonly resources: readonly string[];
      /** What they are called when they are shown, in the same order. */
      readonly names: readonly string[];
      readonly set: Readonly<Record<string, string>>;
      readonly remove: readonly string[];
      /** Values there now, of the keys that change; undefined: absent. */
      readonly before: Readonly<Record<string, string | undefined>>;
    }
  /** Takes the name of the target group that a controller would make if it did not see the tags. */
  | {
      readonly kind: 'create-placeholder';
      readonly phase: Phase;
      readonly cluster?: undefined;
      readonly region: string;
      readonly name: string;
      readonly protocol: string;
      readonly port: number;
      readonly targetType: string;
      readonly vpcId: string;
    }
  | {
      readonly kind: 'delete-target-group';
      readonly phase: Phase;
      readonly cluster?: undefined;
      readonly arn: string;
      readonly name: string;
    };

type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;

/** What is sent, and the ids of what does not exist yet: a plan cannot know them. */
type Sent = 'patch' | 'uid' | 'resourceVersion' | 'region' | 'resources' | 'arn';

/**
 * A change that is told before it can be planned, because it depends on what a step before it makes. It lacks
 * what would be sent, so no adapter takes it. Values may be words in the place of an id that is not there yet.
 */
export type LaterChange = Without<
  Exclude<HandoverStep, { kind: 'restart-controller' | 'create-placeholder' }>,
  Sent
>;
