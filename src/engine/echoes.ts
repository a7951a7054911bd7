import { advice } from '../core/model/hint.ts';
import { parseArn } from '../core/model/arn.ts';
import type { Observed } from '../core/observed/observed.ts';
import { ProblemError, valueOf } from '../core/model/problem.ts';
import type { ClusterEcho } from '../core/plan/report.ts';

/** The account and region of the enrollment, as its target groups' ARNs tell them. */
export function placeOf(observed: Observed): { account?: string; region?: string } {
  const [arn] = Object.keys(observed.targetGroups);
  const parts = parseArn(arn ?? '');
  return parts ? { account: parts.account, region: parts.region } : {};
}

/** What each cluster of an observation is, beyond its name. */
export const echoesOf = (observed: Observed): readonly ClusterEcho[] =>
  observed.clusters.map((cluster) => ({
    context: cluster.context,
    server: cluster.server,
    identity: valueOf(cluster.identity) ?? 'unknown',
    service: cluster.localService,
    ...placeOf(observed),
  }));

/** Raises `wrong-region` (exit 5) when the target groups are elsewhere than the person insists on. */
export function insistOnRegion(observed: Observed, wanted: string | undefined): void {
  const { region } = placeOf(observed);
  if (wanted === undefined || region === undefined || region === wanted) return;
  throw new ProblemError(
    {
      code: 'wrong-region',
      message: `The target groups of ${observed.service.namespace}/${observed.service.name} are in ${region}, not in ${wanted} (--region).`,
      hints: [advice(`Leave out --region, or give ${region}.`)],
    },
    5,
  );
}
