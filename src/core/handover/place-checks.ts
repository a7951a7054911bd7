import { clusterNames } from '../model/cluster-name.ts';
import { parseArn } from '../model/arn.ts';
import { advice, describeHint, getContextsHint, kubectlHint } from '../model/hint.ts';
import { nameText, type ObjectName } from '../model/kubernetes.ts';
import { listed } from '../model/words.ts';
import { accountsOf } from '../observed/places.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { readingOf } from '../observed/member.ts';
import { watching } from '../observed/the-controller.ts';
import { sameness, sameCluster, unprovenOf } from '../observed/same-cluster.ts';
import { managerOf } from '../model/annotations.ts';
import { check, type Check, type Wrong } from '../plan/check.ts';
import { editController, processOf } from './controller-flags.ts';
import type { HandoverCase } from './handover-case.ts';
import { aboutSide, eachSideCheck, needed, sideCheck, sideText } from './side-check.ts';

/** Two contexts of one cluster would hand a load balancer to its owner. */
const twoClusters = check<HandoverCase>('same-cluster', 'blocker', ({ from, to }) => {
  if (!from || !to) return undefined;
  const same = sameCluster(from.cluster, to.cluster);
  if (same) return same;
  return sameness(from.cluster, to.cluster) === 'unknown'
    ? unprovenOf(from.cluster, to.cluster)
    : undefined;
});

/** A controller finds what is its own by the tag with this name (`pkg/deploy/tracking/provider.go`). */
const twoNames = check<HandoverCase>('same-cluster-name', 'blocker', (subject) => {
  const { from, to } = subject;
  const { lost, old: lostName } = subject.intent;
  const names = from ? clusterNames(from.cluster) : lost ? [lostName] : [];
  if (!to || !names.includes(to.clusterName)) return undefined;
  const old = from?.cluster.context ?? 'the cluster that is lost';
  return {
    message: `The controllers of ${old} and ${to.cluster.context} both have --cluster-name=${to.clusterName}: the tags of the load balancer cannot say which of the two owns it.`,
    about: { cluster: to.cluster.context },
    hints: [editController(to)],
  };
});

/** A controller looks for its load balancers in its own VPC (`pkg/deploy/elbv2/tagging_manager.go`). */
const sameVpc = sideCheck('to', 'vpc-unsupported', 'blocker', (to, { facts, loadBalancer }) => {
  const { context } = to.cluster;
  const vpcs = readingOf(facts.vpcs ?? {}, context, `The VPC of ${context}`);
  if (!vpcs.ok) return needed(vpcs.problem, aboutSide(to));
  if (loadBalancer.vpcId !== undefined && vpcs.value.includes(loadBalancer.vpcId)) return undefined;
  const where = parseArn(loadBalancer.arn)?.region;
  return {
    message: `Load balancer ${loadBalancer.name} is in ${loadBalancer.vpcId ?? 'a VPC that AWS does not name'}${where === undefined ? '' : ` (${where})`}, and ${context} is in ${listed(vpcs.value)}. A controller finds only load balancers of its own VPC.`,
    about: aboutSide(to),
    hints: [
      advice(
        'A load balancer stays in its VPC. Hand it over to a cluster there, or give this cluster a load balancer of its own and move the clients by DNS.',
      ),
    ],
  };
});

const sameAccount = sideCheck('to', 'account-unsupported', 'blocker', (to, { loadBalancer }) => {
  const account = parseArn(loadBalancer.arn)?.account;
  const own = accountsOf(to.cluster);
  if (account === undefined || own.length === 0 || own.includes(account)) return undefined;
  return {
    message: `Load balancer ${loadBalancer.name} belongs to account ${account}, and ${to.cluster.context} is in account ${listed(own)}. A controller finds only load balancers of its own account.`,
    about: aboutSide(to),
    hints: [getContextsHint],
  };
});

/** What is wrong with a cluster in which AWS runs the controller. */
export const autoModeWrong = (
  context: string,
  service: ObjectName,
): Pick<Wrong, 'message' | 'hints'> => ({
  message: `${context} uses EKS Auto Mode for Service ${nameText(service)}. Its controller cannot be restarted, and it finds load balancers by tags of its own, so nlbmc does not hand them over.`,
  hints: [advice('Install the AWS Load Balancer Controller in both clusters.')],
});

/** Auto Mode's controller runs outside the cluster: it cannot be restarted, and its tags are not documented. */
const openSource = eachSideCheck('auto-mode-unsupported', 'blocker', (side, { enrollment }) => {
  const { cluster, found } = side;
  const bindings = enrollment.arns.flatMap((arn) => bindingsOf(cluster, arn));
  const isManaged =
    (found && managerOf(found) === 'auto-mode') ||
    bindings.some(({ flavour }) => flavour === 'auto-mode') ||
    (cluster.servedFlavours?.includes('lbc') === false &&
      cluster.servedFlavours.includes('auto-mode'));
  if (!isManaged) return undefined;
  return { ...autoModeWrong(cluster.context, side.service), about: aboutSide(side) };
});

/**
 * Which of two controllers made something is told by no tag. Those that watch other namespaces do not
 * count, unless they call the cluster something else: then the name in the tags would be uncertain.
 */
const oneController = eachSideCheck('several-controllers', 'blocker', (side, subject) => {
  const { cluster, service } = side;
  const { controller, context } = cluster;
  if (!controller.ok) return needed(controller.problem, aboutSide(side));
  const able = watching(service.namespace, controller.value.deployments);
  const several =
    able.length > 1 ? able : clusterNames(cluster).length > 1 ? controller.value.deployments : [];
  const [first] = several;
  if (!first) {
    // What runs there, and with which flags, decides most of what follows.
    const read = processOf(subject, side);
    return read.ok ? undefined : needed(read.problem, aboutSide(side));
  }
  return {
    message: `${context} has ${several.length} Deployments of the AWS Load Balancer Controller: ${listed(several.map(nameText))}. nlbmc cannot tell which of them acts for ${sideText(side)}.`,
    about: aboutSide(side),
    hints: [describeHint(context, 'deployment', first)],
  };
});

/** `kubectl rollout restart` refuses a Deployment that is paused: it makes no new pod (kubectl, pkg/polymorphichelpers). */
const mayRestart = eachSideCheck('controller-paused', 'blocker', (side, subject) => {
  const controller = processOf(subject, side);
  if (!controller.ok || controller.value.paused !== true) return undefined;
  const { context } = side.cluster;
  const { namespace, name } = controller.value.deployment;
  return {
    message: `Deployment ${namespace}/${name} in ${context} is paused: its pods are not replaced, and a handover needs new ones.`,
    about: aboutSide(side),
    hints: [kubectlHint({ context, namespace }, 'rollout', 'resume', 'deployment', name)],
  };
});

/** Whether the two clusters and their controllers can hand a load balancer over at all. */
export const placeChecks = {
  twoClusters,
  twoNames,
  sameVpc,
  sameAccount,
  openSource,
  oneController,
  mayRestart,
} satisfies Record<string, Check<HandoverCase>>;
