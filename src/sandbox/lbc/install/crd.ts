import type { KubeObject } from '../../kube/object.ts';
import { crdText } from './crd-text.ts';
import { atLeast } from '../process/version.ts';

type Schema = Record<string, unknown>;

const PROTOCOLS = ['HTTP', 'HTTPS', 'TCP', 'TLS', 'UDP', 'TCP_UDP'];

const text = (description: string, more: Schema = {}): Schema => ({
  description,
  ...more,
  type: 'string',
});
const object = (description: string, properties: Schema, required?: readonly string[]): Schema => ({
  description,
  properties,
  ...(required && { required }),
  type: 'object',
});
const list = (description: string, items: Schema, more: Schema = {}): Schema => ({
  description,
  items,
  ...more,
  type: 'array',
});
const intOrString = (description: string): Schema => ({
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  description,
  'x-kubernetes-int-or-string': true,
});

const column = (
  name: string,
  jsonPath: string,
  description?: string,
  more: Schema = {},
): Schema => ({
  ...(description && { description }),
  jsonPath,
  name,
  type: 'string',
  ...more,
});

/**
 * The definition of TargetGroupBinding as the controller's chart of `version` brings it
 * (helm/aws-load-balancer-controller/crds/crds.yaml). Fields that came later are not in it: a server
 * prunes them, and server-side apply refuses them. Helm never upgrades it, so that it may be of
 * another version than the controller.
 */
export function targetGroupBindingCrd(version: string): KubeObject {
  const status = statusSchema(version);
  return definition('elbv2.k8s.aws', [
    served('v1alpha1', false, specSchema(version, 'v1alpha1'), status),
    served('v1beta1', true, specSchema(version, 'v1beta1'), status),
  ]);
}

/** What the definition of EKS Auto Mode is modelled on: the fields that its documentation shows are there. */
const FORKED = '2.10.0';

/**
 * The definition that EKS puts into a cluster of EKS Auto Mode: `v1` alone, `targetType` is required
 * (EKS user guide, auto-configure-nlb.adoc), there is no `targetGroupName`
 * (aws/containers-roadmap#2621). Which other fields it lacks is not documented: inferred.
 */
export function autoModeCrd(): KubeObject {
  const spec = {
    ...specSchema(FORKED, 'v1beta1'),
    required: ['serviceRef', 'targetGroupARN', 'targetType'],
  };
  return definition('eks.amazonaws.com', [served('v1', true, spec, statusSchema('3.0.0'))]);
}

const served = (name: string, storage: boolean, spec: Schema, status: Schema): Schema => ({
  additionalPrinterColumns: printerColumns(),
  name,
  schema: {
    openAPIV3Schema: object(crdText.kind, {
      apiVersion: text(crdText.apiVersion),
      kind: text(crdText.objectKind),
      metadata: { type: 'object' },
      spec,
      status,
    }),
  },
  served: true,
  storage,
  subresources: { status: {} },
});

function definition(group: string, versions: readonly Schema[]): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `targetgroupbindings.${group}`,
      annotations: { 'controller-gen.kubebuilder.io/version': 'v0.19.0' },
    },
    spec: {
      group,
      names: {
        kind: 'TargetGroupBinding',
        listKind: 'TargetGroupBindingList',
        plural: 'targetgroupbindings',
        singular: 'targetgroupbinding',
      },
      scope: 'Namespaced',
      versions,
    },
  };
}

function printerColumns(): Schema[] {
  return [
    column('SERVICE-NAME', '.spec.serviceRef.name', crdText.serviceName),
    column('SERVICE-PORT', '.spec.serviceRef.port', crdText.servicePort),
    column('TARGET-TYPE', '.spec.targetType', crdText.targetTypeColumn),
    column('ARN', '.spec.targetGroupARN', crdText.arnColumn, { priority: 1 }),
    column('AGE', '.metadata.creationTimestamp', undefined, { type: 'date' }),
  ];
}

function specSchema(version: string, apiVersion: string): Schema {
  const since = (than: string, properties: Schema): Schema =>
    apiVersion === 'v1beta1' && atLeast(version, than) ? properties : {};
  const byName = atLeast(version, '2.11.0');
  return object(
    crdText.spec,
    {
      ...since('2.12.0', {
        assumeRoleExternalId: text(crdText.assumeRoleExternalId),
        iamRoleArnToAssume: text(crdText.iamRoleArnToAssume),
      }),
      ...since('2.3.0', {
        ipAddressType: text(crdText.ipAddressType, { enum: ['ipv4', 'ipv6'] }),
      }),
      ...since('2.10.0', {
        multiClusterTargetGroup: { description: crdText.multiCluster, type: 'boolean' },
      }),
      networking: networkingSchema(),
      ...since('2.2.0', { nodeSelector: selectorSchema() }),
      serviceRef: object(
        crdText.serviceRef,
        { name: text(crdText.refName), port: intOrString(crdText.refPort) },
        ['name', 'port'],
      ),
      targetGroupARN: text(crdText.arn, byName ? {} : { minLength: 1 }),
      ...since('2.11.0', { targetGroupName: text(crdText.targetGroupName) }),
      ...since('2.14.0', {
        targetGroupProtocol: text(crdText.protocol, {
          enum: PROTOCOLS.concat(atLeast(version, '2.15.0') ? ['QUIC', 'TCP_QUIC'] : []),
        }),
      }),
      targetType: text(crdText.targetType, { enum: ['instance', 'ip'] }),
      ...since('2.8.0', { vpcID: text(crdText.vpcId) }),
    },
    byName && apiVersion === 'v1beta1' ? ['serviceRef'] : ['serviceRef', 'targetGroupARN'],
  );
}

function networkingSchema(): Schema {
  const peer = object(crdText.peer, {
    ipBlock: object(crdText.ipBlock, { cidr: text(crdText.cidr) }, ['cidr']),
    securityGroup: object(crdText.securityGroup, { groupID: text(crdText.groupId) }, ['groupID']),
  });
  const port = object(crdText.networkingPort, {
    port: intOrString(crdText.portNumber),
    protocol: text(crdText.portProtocol, { enum: ['TCP', 'UDP'] }),
  });
  const rule = object(
    crdText.rule,
    { from: list(crdText.from, peer), ports: list(crdText.ports, port) },
    ['from', 'ports'],
  );
  return object(crdText.networking, { ingress: list(crdText.ingress, rule) });
}

function selectorSchema(): Schema {
  const expression = object(
    crdText.expression,
    {
      key: text(crdText.expressionKey),
      operator: text(crdText.operator),
      values: list(crdText.values, { type: 'string' }, { 'x-kubernetes-list-type': 'atomic' }),
    },
    ['key', 'operator'],
  );
  return {
    ...object(crdText.nodeSelector, {
      matchExpressions: list(crdText.matchExpressions, expression, {
        'x-kubernetes-list-type': 'atomic',
      }),
      matchLabels: {
        additionalProperties: { type: 'string' },
        description: crdText.matchLabels,
        type: 'object',
      },
    }),
    'x-kubernetes-map-type': 'atomic',
  };
}

function statusSchema(version: string): Schema {
  const condition = object(
    crdText.condition,
    {
      lastTransitionTime: text(crdText.lastTransitionTime, { format: 'date-time' }),
      message: text(crdText.message, { maxLength: 32768 }),
      observedGeneration: { format: 'int64', minimum: 0, type: 'integer' },
      reason: text(crdText.reason, { maxLength: 1024, minLength: 1 }),
      status: text(crdText.conditionStatus, { enum: ['True', 'False', 'Unknown'] }),
      type: text(crdText.conditionType, { maxLength: 316 }),
    },
    ['lastTransitionTime', 'message', 'reason', 'status', 'type'],
  );
  return object(crdText.status, {
    ...(atLeast(version, '3.0.0') && { conditions: list(crdText.conditions, condition) }),
    observedGeneration: {
      description: crdText.observedGeneration,
      format: 'int64',
      type: 'integer',
    },
  });
}
