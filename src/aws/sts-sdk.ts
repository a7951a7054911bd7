// As elbv2-sdk.ts; needed only to name the account, or to take on the role of a kubeconfig.
export { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
