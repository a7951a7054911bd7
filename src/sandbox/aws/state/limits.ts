/** Quotas by the names that DescribeAccountLimits gives them, with the values of the quota page for Network Load Balancers. */
export const LISTED = {
  'network-load-balancers': 50,
  'listeners-per-network-load-balancer': 50,
  'target-groups': 3000,
  'targets-per-network-load-balancer': 3000,
  'targets-per-availability-zone-per-network-load-balancer': 500,
  'target-groups-per-action-on-network-load-balancer': 5,
};

/**
 * Quotas that the API does not list. 500 targets in all once cross-zone is on and 1,000 per target
 * group are on the quota page; how often one address may be registered is not published for NLB,
 * 100 is what Application Load Balancers allow.
 */
const UNLISTED = {
  targetsPerTargetGroup: 1000,
  targetsWithCrossZone: 500,
  registrationsPerTargetId: 100,
  tagsPerResource: 50,
  rulesPerSecurityGroup: 60,
};

/** All quotas. A test may lower one, as support raises them for real accounts. */
export type Limits = Record<keyof typeof LISTED | keyof typeof UNLISTED, number>;

/** The quotas of an account that never requested more. */
export const defaultLimits = (): Limits => ({ ...LISTED, ...UNLISTED });
