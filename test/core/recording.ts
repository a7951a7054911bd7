import type { JoinIntent } from '../../src/core/model/intent.ts';
import { known } from '../../src/core/model/problem.ts';
import { planJoin } from '../../src/core/join/plan-join.ts';
import type { Enrollment } from '../../src/core/observed/enrollment-document.ts';
import type { Observed } from '../../src/core/observed/observed.ts';
import type { Plan } from '../../src/core/plan/plan.ts';
import { describeEnrollment } from '../../src/core/show/describe-enrollment.ts';
import { arnOf, service, type ClusterBuilder } from './cluster-builder.ts';
import { intent } from './joining.ts';
import { listeners } from './peers.ts';
import {
  enabledPrimary,
  observed,
  primaryTags,
  primaryTargets,
  secondary,
  templates,
  type WorldParts,
} from './world.ts';

/** When the documents here are written, and when they are read: ten minutes later. */
const WRITTEN = '2026-11-23T11:50:00.000Z';

const aws = { group: { tags: primaryTags }, balancer: { listeners: known(listeners(80)) } };

/** What `show` writes of these clusters; `edit` is what somebody changes in it, or what has changed. */
export function recordedOf(
  clusters: readonly ClusterBuilder[] = [enabledPrimary()],
  edit: (document: Enrollment) => Enrollment = (document) => document,
  parts: Partial<WorldParts> = {},
): Enrollment {
  const seen = observed({
    targets: { 80: primaryTargets },
    ...aws,
    ...parts,
    clusters,
    at: WRITTEN,
  });
  return edit(JSON.parse(JSON.stringify(describeEnrollment(seen))) as Enrollment);
}

/** The world as a run sees it that connects to `sec` alone, with a document of the others. */
export const withRecord = (
  document: Enrollment = recordedOf(),
  parts: Partial<WorldParts> = {},
  maxAgeMs = 3_600_000,
): Observed => ({
  ...observed({
    clusters: [secondary()],
    targets: { 80: primaryTargets },
    ...parts,
    group: { ...aws.group, ...parts.group },
    balancer: { ...aws.balancer, ...parts.balancer },
  }),
  named: [arnOf(80)],
  recorded: { file: 'enrollment.yaml', document, maxAgeMs },
});

const { primary: _, ...alone } = intent;

/** A join of `sec` by a document. */
export const byRecord: JoinIntent = { ...alone, from: { file: 'enrollment.yaml' } };

export const planByRecord = (seen: Observed, over: Partial<JoinIntent> = {}): Plan =>
  planJoin(seen, { ...byRecord, service, ...over }, templates);
