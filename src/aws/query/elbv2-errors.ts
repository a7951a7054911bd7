/** The codes of Elastic Load Balancing's errors that have `Exception` behind them in the SDK's names. */
const codes = `
  AllocationIdNotFound AvailabilityZoneNotSupported CaCertificatesBundleNotFound CapacityReservationPending
  CapacityUnitsLimitExceeded CertificateNotFound DeleteAssociationSameAccount DuplicateListener
  DuplicateLoadBalancerName DuplicateTagKeys DuplicateTargetGroupName DuplicateTrustStoreName HealthUnavailable
  IncompatibleProtocols InsufficientCapacity InvalidCaCertificatesBundle InvalidConfigurationRequest
  InvalidLoadBalancerAction InvalidRevocationContent InvalidScheme InvalidSecurityGroup InvalidSubnet InvalidTarget
  ListenerNotFound LoadBalancerNotFound OperationNotPermitted PriorRequestNotComplete PriorityInUse ResourceInUse
  ResourceNotFound RevocationContentNotFound RevocationIdNotFound RuleNotFound SSLPolicyNotFound SubnetNotFound
  TargetGroupAssociationLimit TargetGroupNotFound TooManyActions TooManyCertificates TooManyListeners
  TooManyLoadBalancers TooManyRegistrationsForTargetId TooManyRules TooManyTags TooManyTargetGroups TooManyTargets
  TooManyTrustStoreRevocationEntries TooManyTrustStores TooManyUniqueTargetGroupsPerLoadBalancer TrustStoreInUse
  TrustStoreNotFound TrustStoreNotReady UnsupportedProtocol
`;

/** The SDK's names of Elastic Load Balancing's errors, by code. */
export const elbv2ErrorNames: ReadonlyMap<string, string> = new Map([
  ...codes
    .trim()
    .split(/\s+/)
    .map((code) => [code, `${code}Exception`] as const),
  ['ALPNPolicyNotFound', 'ALPNPolicyNotSupportedException'],
  ['AssociationNotFound', 'TrustStoreAssociationNotFoundException'],
  ['CapacityDecreaseRequestLimitExceeded', 'CapacityDecreaseRequestsLimitExceededException'],
]);
