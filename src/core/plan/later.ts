import type { HandoverStep } from './handover-step.ts';
import type { Step, Wait } from './plan.ts';

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

/** What a plan is going to do when its steps have taken effect: changes, and waits between them. */
export type Later = LaterChange | Wait;

/** What a person is told of a change or wait, planned or not yet. */
export type ToldStep = Step | LaterChange;
