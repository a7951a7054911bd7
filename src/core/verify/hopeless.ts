import type { Code } from '../model/codes.ts';
import type { Problem } from '../model/problem.ts';

/**
 * What does not come true by waiting: it needs a person who creates, installs, grants, logs in or writes a new document.
 */
const hopeless: ReadonlySet<Code> = new Set<Code>([
  'service-missing',
  'crd-missing',
  'rollout-stuck',
  'evidence-outdated',
  'api-forbidden',
  'aws-denied',
  'credentials-refused',
  'plugin-failed',
  'aws-credentials-missing',
  'aws-credentials-refused',
]);

/** The first problem that keeps a verdict from ever being good while one only waits. */
export const hopelessAmong = (problems: readonly Problem[]): Problem | undefined =>
  problems.find(({ code }) => hopeless.has(code));
