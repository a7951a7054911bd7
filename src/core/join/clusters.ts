import { parseArn } from '../model/arn.ts';
import { check, skipped, type Check, type Wrong, skippedUnread } from '../plan/check.ts';
import { clusterNames } from '../model/cluster-name.ts';
import { accountsMade, accountsOf, toldVpcs } from '../observed/places.ts';
import { advice, awsHint, getContextsHint, kubectlHint } from '../model/hint.ts';
import type { JoinCase } from './join-port.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { joinHint, showHint } from '../model/nlbmc-hints.ts';
import { listed } from '../model/words.ts';

const areApart = (a: readonly string[], b: readonly string[]): boolean =>
  a.length > 0 && b.length > 0 && a.every((one) => !b.includes(one));

/** Whether only EKS Auto Mode makes load balancers there. */
const isManaged = ({ servedFlavours = [] }: ClusterView): boolean =>
  servedFlavours.length > 0 && servedFlavours.every((flavour) => flavour === 'auto-mode');

const differentNames = check<JoinCase>('same-cluster-name', 'blocker', ({ enrolled, joining }) => {
  const primary = enrolled?.cluster;
  // A second Service of one cluster has the same controller.
  if (!primary || primary === joining) return undefined;
  // Auto Mode tags with the name of the EKS cluster, which is unique, under a key of its own.
  if (isManaged(primary) || isManaged(joining)) return undefined;
  const [a, b] = [clusterNames(primary), clusterNames(joining)];
  if (a.length === 0 || b.length === 0) {
    const of = a.length === 0 ? primary.context : joining.context;
    return skipped(`The --cluster-name of the controller in ${of} was not found.`);
  }
  // A controller tags what it makes with that name: the second one would treat the first one's load balancers as its own.
  const both = a.filter((name) => b.includes(name));
  if (both.length === 0) return undefined;
  // A controller looks for that tag in its own VPC and account only (`pkg/deploy/elbv2/tagging_manager.go`).
  if (areApart(toldVpcs(primary), toldVpcs(joining))) return undefined;
  if (areApart(accountsMade(primary), accountsMade(joining))) return undefined;
  const [deployment] = joining.controller.ok ? joining.controller.value.deployments : [];
  return {
    message: `The controllers of ${primary.context} and ${joining.context} both have --cluster-name=${both[0]}: each would treat the other's load balancers as its own.`,
    about: { cluster: joining.context },
    hints: [
      kubectlHint(
        {
          context: joining.context,
          ...(deployment ? { namespace: deployment.namespace } : {}),
        },
        'edit',
        `deployment/${deployment?.name ?? 'aws-load-balancer-controller'}`,
      ),
    ],
  };
});

/** The region that a zone name begins with; undefined for a zone name of another form. */
const regionOf = (zone: string): string | undefined =>
  /^([a-z]{2}(?:-[a-z]+)+-\d)(?:[a-z]$|-)/.exec(zone)?.[1];

const rightRegion = check<JoinCase>('wrong-region', 'blocker', ({ ports, intent, joining }) => {
  const problems = ports.flatMap(({ arn: text, eligible }): readonly Wrong[] => {
    const arn = parseArn(text);
    if (!arn) {
      return [
        {
          message: `${text} is not the ARN of a target group.`,
          about: { cluster: intent.primary ?? intent.context, service: intent.service },
          hints: [showHint(intent, [intent.primary ?? intent.context])],
        },
      ];
    }
    const about = { targetGroup: text };
    if (intent.region !== undefined && intent.region !== arn.region) {
      return [
        {
          message: `Target group ${arn.name} is in ${arn.region}, and the required region is ${intent.region}.`,
          about,
          hints: [joinHint({ ...intent, region: arn.region })],
        },
      ];
    }
    // A controller calls the AWS API of its own region, which does not know this target group.
    const regions = new Set(
      (eligible.ok ? eligible.value : [])
        .map(({ zone }) => regionOf(zone ?? ''))
        .filter((region) => region !== undefined),
    );
    if (regions.size === 0 || regions.has(arn.region)) return [];
    return [
      {
        message: `Target group ${arn.name} is in ${arn.region}, and the pods of ${joining.context} run in ${listed([...regions])}.`,
        about: { ...about, cluster: joining.context },
        hints: [getContextsHint],
      },
    ];
  });
  return problems.slice(0, 1);
});

const rightAccount = check<JoinCase>('wrong-account', 'blocker', ({ observed, ports }) => {
  const account = observed.account;
  // Read only when AWS refused or did not know an ARN; else the account has proven itself.
  if (!account) return undefined;
  if (!account.ok) return skippedUnread(account.problem);
  const other = ports
    .map(({ arn }) => arn)
    .find((arn) => (parseArn(arn)?.account ?? account.value) !== account.value);
  const arn = other === undefined ? undefined : parseArn(other);
  if (other === undefined || !arn) return undefined;
  return {
    message: `Target group ${arn.name} is in account ${arn.account}, and the AWS credentials are for ${account.value}.`,
    about: { targetGroup: other },
    hints: [awsHint(['sts', 'get-caller-identity'])],
  };
});

/**
 * A controller registers in another account only with a role of that account, which the binding names
 * (docs/guide/targetgroupbinding/targetgroupbinding.md, "AssumeRole").
 */
const sameAccount = check<JoinCase>('account-unsupported', 'blocker', ({ ports, joining }) => {
  const own = accountsOf(joining);
  const found = ports
    .map(({ arn }) => ({ text: arn, arn: parseArn(arn) }))
    .find(({ arn }) => arn && own.length > 0 && !own.includes(arn.account));
  if (!found?.arn) return undefined;
  const { text, arn } = found;
  return {
    message: `Target group ${arn.name} belongs to account ${arn.account}, and ${joining.context} is in account ${listed(own)}. This version of nlbmc does not join across accounts: the controller would need a role of ${arn.account}, named in spec.iamRoleArnToAssume of the binding.`,
    about: { cluster: joining.context, targetGroup: text },
    hints: [
      advice(
        `By hand: make a role in ${arn.account} that the role of the controller may assume and that may call elasticloadbalancing:RegisterTargets, DeregisterTargets, DescribeTargetGroups and DescribeTargetHealth. Targets must be of type ip.`,
      ),
    ],
  };
});

/** Whether the two clusters and the AWS account and region belong together. */
export const clusterChecks: readonly Check<JoinCase>[] = [
  differentNames,
  rightRegion,
  sameAccount,
  rightAccount,
];
