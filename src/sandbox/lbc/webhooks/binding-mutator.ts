import { copyOf } from '../../kube/object.ts';
import type { KubeObject } from '../../kube/object.ts';
import { targetGroupLookup } from './target-group-lookup.ts';
import type { TargetGroupLookup } from './target-group-lookup.ts';
import type { AwsAccount } from '../../aws/account.ts';
import { atLeast } from '../process/version.ts';

/** Where a field of spec first existed in the controller's own type; others are older than all this. */
const SINCE: Readonly<Record<string, string>> = {
  vpcID: '2.8.0',
  multiClusterTargetGroup: '2.10.0',
  targetGroupName: '2.11.0',
  iamRoleArnToAssume: '2.12.0',
  assumeRoleExternalId: '2.12.0',
  targetGroupProtocol: '2.14.0',
};

/** What the webhooks need. */
export interface WebhookContext {
  readonly account: AwsAccount;
  /** The actor in the journal, `lbc/<cluster>`. */
  readonly actor: string;
  readonly version: string;
  readonly vpcId: string;
}

/**
 * The object as the controller's own type holds it. pkg/webhook/mutating_handler.go decodes into
 * that type and answers with what it encodes, so that a controller older than a field takes the
 * field off the object: inferred from that code.
 */
export function throughOwnType(binding: KubeObject, version: string): KubeObject {
  const copy = copyOf(binding);
  for (const [field, since] of Object.entries(SINCE)) {
    if (!atLeast(version, since)) delete copy['spec'][field];
  }
  // Go's omitempty: false is not encoded.
  if (copy['spec'].multiClusterTargetGroup === false) delete copy['spec'].multiClusterTargetGroup;
  return copy;
}

/**
 * webhooks/elbv2/targetgroupbinding_mutator.go: on CREATE, what is left out is read from the target
 * group. On UPDATE only throughOwnType applies. Raises Errors in upstream's words.
 */
export function mutateBinding(
  operation: 'CREATE' | 'UPDATE' | 'DELETE',
  binding: KubeObject,
  { account, actor, version }: WebhookContext,
): KubeObject {
  const result = throughOwnType(binding, version);
  if (operation !== 'CREATE') return result;
  const spec = result['spec'];
  if (!spec.targetGroupARN && !spec.targetGroupName) {
    throw new Error('must provide either TargetGroupARN or TargetGroupName');
  }
  if (!spec.targetGroupARN) {
    const byName = targetGroupLookup(account, actor, { name: spec.targetGroupName });
    spec.targetGroupARN = byName().TargetGroupArn;
  }
  const lookup = targetGroupLookup(account, actor, { arn: spec.targetGroupARN });
  const group = (what: string): ReturnType<TargetGroupLookup> => wrapped(what, lookup);
  if (!spec.targetType) {
    const type = group("couldn't determine TargetType").TargetType;
    if (type !== 'instance' && type !== 'ip') throw new Error(`unsupported TargetType: ${type}`);
    spec.targetType = type;
  }
  spec.ipAddressType ??=
    group('unable to get target group IP address type').IpAddressType || 'ipv4';
  if (atLeast(version, '2.8.0') && !spec.vpcID) {
    spec.vpcID = group('unable to get target group VpcID').VpcId;
  }
  if (atLeast(version, '2.14.0')) {
    spec.targetGroupProtocol ??= group("couldn't determine TargetGroup protocol").Protocol;
  }
  return result;
}

/** Go's errors.Wrap. */
export function wrapped<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
  }
}
