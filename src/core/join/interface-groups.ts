import { check, skipped, skippedUnread } from '../plan/check.ts';
import type { TargetInterface } from '../model/aws.ts';
import { clusterNames } from '../model/cluster-name.ts';
import { advice, awsHint } from '../model/hint.ts';
import { joinHint } from '../model/nlbmc-hints.ts';
import { count, listed } from '../model/words.ts';
import type { JoinCase } from './join-port.ts';

/** Groups of an interface that have the tag of the cluster, whatever its value. */
const taggedIn = ({ groups }: TargetInterface, tag: string): number =>
  groups.filter(({ tags }) => tag in tags).length;

/**
 * Which security group of an interface gets the rules: its only one, or the one with the tag of the
 * cluster. With none or several, the controller fails with `expected exactly one securityGroup`, and
 * never registers instance targets (`pkg/networking/networking_manager.go`, resolveEndpointSGForENI).
 * Checked only where no other member shows rules that work.
 */
export const clearGroups = check<JoinCase>('interface-groups-unclear', 'blocker', (subject) => {
  const { observed, joining, intent, ports, localService } = subject;
  if (ports.every(({ derived }) => derived?.kind !== 'rules')) return undefined;
  const interfaces = observed.path?.interfaces;
  if (!interfaces) return undefined;
  if (!interfaces.ok) return skippedUnread(interfaces.problem);
  const several = interfaces.value.filter(({ groups }) => groups.length > 1);
  const bare = interfaces.value.filter(({ groups }) => groups.length === 0);
  const [name, ...more] = clusterNames(joining);
  if (several.length > 0 && (name === undefined || more.length > 0)) {
    return skipped(`The --cluster-name of the controller in ${joining.context} was not found.`);
  }
  const tag = `kubernetes.io/cluster/${name}`;
  const unclear = [...bare, ...several.filter((one) => taggedIn(one, tag) !== 1)];
  const [first] = unclear;
  if (!first) return undefined;
  const { namespace, name: service } = localService;
  return {
    message: `${count(unclear.length, 'network interface')} of ${joining.context} ${unclear.length === 1 ? 'does' : 'do'} not have exactly one security group with the tag ${tag}. The controller opens no port there, and does not register instance targets.`,
    about: { cluster: joining.context, service: { namespace, name: service } },
    hints: [
      ...(first.groups.length > 1 && taggedIn(first, tag) === 0
        ? [
            awsHint(
              [
                'ec2',
                'create-tags',
                '--resources',
                first.groups[0]!.id,
                '--tags',
                `Key=${tag},Value=owned`,
              ],
              ports[0]?.arn,
            ),
          ]
        : [advice(`Leave the tag ${tag} on exactly one security group of each interface.`)]),
      joinHint({ ...intent, networking: false }),
    ],
    details: unclear.map(
      (one) =>
        `${one.target} ${one.id}: ${one.groups.length === 0 ? 'no security group' : `${listed(one.groups.map(({ id }) => id))}, ${taggedIn(one, tag)} of them with the tag`}`,
    ),
  };
});
