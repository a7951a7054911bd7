import type { KubeObject } from '../../kube/object.ts';
import { throughOwnType, wrapped } from './binding-mutator.ts';
import type { WebhookContext } from './binding-mutator.ts';
import { targetGroupLookup } from './target-group-lookup.ts';
import { atLeast } from '../process/version.ts';

const VPC_ID = /^vpc-([0-9a-f]{8}|[0-9a-f]{17}|[0-9a-f]{32})$/;

/**
 * webhooks/elbv2/targetgroupbinding_validator.go, ValidateCreate: raises the first objection, in
 * upstream's words. `others` are the bindings of all namespaces.
 */
export function validateNewBinding(
  object: KubeObject,
  others: readonly KubeObject[],
  context: WebhookContext,
): void {
  const { account, actor, version } = context;
  const binding = throughOwnType(object, version);
  const spec = binding['spec'];
  checkRequired(binding, context);
  checkNodeSelector(binding);
  checkDuplicates(binding, others, version);
  const arn: string = spec.targetGroupARN;
  const lookup = targetGroupLookup(account, actor, { arn });
  const { IpAddressType: family = 'ipv4' } = wrapped(
    'unable to get target group IP address type',
    lookup,
  );
  if ((spec.ipAddressType ?? 'ipv4') !== family) {
    throw new Error(`invalid IP address type ${family} for TargetGroup ${arn}`);
  }
  if (spec.vpcID) {
    if (!VPC_ID.test(spec.vpcID)) {
      throw new Error(
        `ValidationError: vpcID ${spec.vpcID} failed to satisfy constraint: VPC Id must begin with 'vpc-' followed by 8, 17 or 32 lowercase letters (a-f) or numbers.`,
      );
    }
    const { VpcId } = wrapped('unable to get target group VpcID', lookup);
    if (VpcId !== spec.vpcID) {
      throw new Error(`invalid VpcID ${spec.vpcID} doesnt match VpcID from TargetGroup ${arn}`);
    }
  }
  checkAssumedRole(binding);
  checkProtocol(spec, lookup().Protocol);
}

/**
 * …ValidateUpdate. The target group is not asked again: a flag can go off, and neither protocol nor
 * VPC is compared.
 */
export function validateChangedBinding(
  object: KubeObject,
  before: KubeObject,
  others: readonly KubeObject[],
  context: WebhookContext,
): void {
  const binding = throughOwnType(object, context.version);
  checkRequired(binding, context);
  checkImmutable(binding, throughOwnType(before, context.version), context.vpcId);
  checkNodeSelector(binding);
  checkAssumedRole(binding);
  // Up to v2.11 duplicates were looked for on creation only.
  if (atLeast(context.version, '2.12.0')) checkDuplicates(binding, others, context.version);
}

function checkRequired(binding: KubeObject, { account, actor }: WebhookContext): void {
  const spec = binding['spec'];
  const absent: string[] = [];
  if (!spec.targetGroupARN) {
    const name: string | undefined = spec.targetGroupName;
    if (!name) absent.push('either TargetGroupARN or TargetGroupName');
    else {
      const lookup = targetGroupLookup(account, actor, { name });
      const what = `searching TargetGroup with name ${name}`;
      spec.targetGroupARN = wrapped(what, lookup).TargetGroupArn;
    }
  }
  if (!spec.targetType) absent.push('spec.targetType');
  if (absent.length === 0) return;
  throw new Error(`TargetGroupBinding must specify these fields: ${absent.join(',')}`);
}

function checkNodeSelector(binding: KubeObject): void {
  const { targetType, nodeSelector } = binding['spec'];
  if (targetType !== 'ip' || !nodeSelector) return;
  throw new Error('TargetGroupBinding cannot set NodeSelector when TargetType is ip');
}

function checkAssumedRole(binding: KubeObject): void {
  const { targetType, iamRoleArnToAssume } = binding['spec'];
  if (targetType !== 'instance' || !iamRoleArnToAssume) return;
  throw new Error('Unable to use instance target type while using assume role');
}

function checkProtocol(spec: KubeObject['spec'], actual: string): void {
  const wanted: string | undefined = spec.targetGroupProtocol;
  if (!wanted) return;
  if (wanted !== actual) {
    throw new Error(
      `TargetGroup ${spec.targetGroupARN} protocol differs (got ${wanted}, expected ${actual})`,
    );
  }
  if ((actual === 'QUIC' || actual === 'TCP_QUIC') && spec.targetType === 'instance') {
    throw new Error('QUIC protocol is not supported for Instance target types.');
  }
}

/** All bindings of a target group in one cluster must share it; up to v2.11 there could be only one. */
function checkDuplicates(
  binding: KubeObject,
  others: readonly KubeObject[],
  version: string,
): void {
  const arn: string = binding['spec'].targetGroupARN;
  const twins = others.filter(
    (other) => other.metadata.uid !== binding.metadata.uid && other['spec'].targetGroupARN === arn,
  );
  const [first] = twins;
  if (!first) return;
  if (!atLeast(version, '2.12.0')) {
    throw new Error(`TargetGroup ${arn} is already bound to TargetGroupBinding ${nameOf(first)}`);
  }
  const shared = [binding, ...twins].every((one) => one['spec'].multiClusterTargetGroup === true);
  if (shared) return;
  throw new Error(
    `TargetGroup ${arn} is already bound to following TargetGroupBindings [${twins.map(nameOf).join(' ')}]. Please enable MultiCluster mode on all TargetGroupBindings referencing ${arn} or choose a different Target Group ARN.`,
  );
}

function checkImmutable(binding: KubeObject, before: KubeObject, ownVpc: string): void {
  const spec = binding['spec'];
  const old = before['spec'];
  const changed: string[] = [];
  if (spec.targetGroupARN !== old.targetGroupARN) changed.push('spec.targetGroupARN');
  if (spec.targetType !== old.targetType) changed.push('spec.targetType');
  const wasUnset = old.ipAddressType === undefined && spec.ipAddressType === 'ipv4';
  if (spec.ipAddressType !== old.ipAddressType && !wasUnset) changed.push('spec.ipAddressType');
  const setToOwn = !old.vpcID && spec.vpcID === ownVpc;
  if ((spec.vpcID ?? '') !== (old.vpcID ?? '') && !setToOwn) changed.push('spec.vpcID');
  if (changed.length === 0) return;
  throw new Error(
    `TargetGroupBinding update may not change these immutable fields: ${changed.join(',')}`,
  );
}

function nameOf(binding: KubeObject): string {
  return `${binding.metadata.namespace}/${binding.metadata.name}`;
}
