import { bindingWarnings } from './events.ts';
import { eligibleKeys, type Member, registeredKeys } from './member.ts';
import { flavours } from '../model/flavours.ts';
import { advice, awsHint, type Hint, noted } from '../model/hint.ts';
import { nameText } from '../model/kubernetes.ts';
import { parseArn } from '../model/arn.ts';
import type { Problem } from '../model/problem.ts';

/** What a controller needs to be allowed for a target group that another cluster shares. */
const actions = ['RegisterTargets', 'DeregisterTargets'].map(
  (name) => `elasticloadbalancing:${name}`,
);

/** What the policy of EKS Auto Mode said in 2026-02, in a sentence; later versions were not seen. */
export const autoModePolicy =
  "Version 4 of AWS's policy AmazonEKSLoadBalancingPolicy allows RegisterTargets only in target groups whose tag eks:eks-cluster-name is the cluster's own name.";

/** The statement that allows it, for one target group. */
export const sharingStatement = (arn: string): string =>
  JSON.stringify({ Effect: 'Allow', Action: actions, Resource: arn });

/** The policy by itself: its name has the target group, so that it replaces no other one's. */
function attach(role: string, arn: string): Hint {
  const group = parseArn(arn);
  const name = group ? `nlbmc-${group.region}-${group.name}` : 'nlbmc';
  return noted(
    awsHint([
      'iam',
      'put-role-policy',
      '--role-name',
      role,
      '--policy-name',
      name,
      '--policy-document',
      `{"Version":"2012-10-17","Statement":[${sharingStatement(arn)}]}`,
    ]),
    'the controller tries again by itself, at most 17 minutes later',
  );
}

/**
 * AWS does not allow a controller to register its endpoints: its last event says so
 * (`Failed reconcile due to …`, `controllers/elbv2/targetgroupbinding_controller.go`), and an
 * endpoint is not registered. Waiting does not help before somebody changes the rights of its role.
 * Undefined where the events could not be read, or tell of something else.
 */
export function registrationDenied(member: Member): Problem | undefined {
  const { cluster, binding, port, eligible, registered } = member;
  if (!eligible.ok || !registered.ok) return undefined;
  const denied = bindingWarnings(cluster, binding).find(
    ({ message }) =>
      /\bRegisterTargets\b/.test(message) && /\bAccessDenied|not authorized to/.test(message),
  );
  if (!denied) return undefined;
  const there = registeredKeys(registered.value);
  if ([...eligibleKeys(eligible.value)].every((key) => there.has(key))) return undefined;
  const arn = binding.targetGroupArn;
  const [, role] = /:assumed-role\/([\w+=,.@-]+)\//.exec(denied.message) ?? [];
  const byOthers = /explicit deny/.test(denied.message);
  const hint = byOthers
    ? advice('A policy denies it explicitly. The owner of that policy must change it.')
    : role === undefined
      ? advice(`Attach a policy with this statement to its IAM role: ${sharingStatement(arn)}`)
      : attach(role, arn);
  const { tested } = flavours[binding.flavour];
  return {
    code: 'registration-denied',
    message: `AWS does not allow the controller of ${cluster.context} to register targets in the target group of ${nameText(binding)}: RegisterTargets is denied${role === undefined ? '' : ` to its role ${role}`}.${tested || byOthers ? '' : ` ${autoModePolicy}`}`,
    hints: [hint],
    about: {
      cluster: cluster.context,
      binding: { namespace: binding.namespace, name: binding.name },
      port,
    },
  };
}
