import type { VerifyIntent } from '../../src/core/model/intent.ts';
import type { Observed } from '../../src/core/observed/observed.ts';
import type { Verdict } from '../../src/core/plan/verdict.ts';
import { verdictOf } from '../../src/core/verify/verify.ts';
import { service, type ClusterBuilder } from './cluster-builder.ts';
import {
  enabledPrimary,
  joinedSecondary,
  observed,
  primaryTargets,
  secondaryTargets,
  type WorldParts,
} from './world.ts';

/** A verify with nothing said that need not be. */
export const intent: VerifyIntent = {
  service,
  minHealthy: 1,
  knownTargets: [],
  allowUnprotected: false,
};

/** The targets of both clusters, on the port 80. */
export const both = [...primaryTargets, ...secondaryTargets];

/** Both clusters joined and green, but for `parts`. */
export const world = (parts: Partial<WorldParts> = {}): Observed =>
  observed({ clusters: [enabledPrimary(), joinedSecondary()], targets: { 80: both }, ...parts });

export const verify = (
  parts: Partial<WorldParts> = {},
  over: Partial<VerifyIntent> = {},
): Verdict => verdictOf(world(parts), { ...intent, ...over });

/** The same with another secondary, or with other targets in AWS. */
export const withSecond = (sec: ClusterBuilder, targets: readonly string[] = both): Verdict =>
  verify({ clusters: [enabledPrimary(), sec], targets: { 80: targets } });
