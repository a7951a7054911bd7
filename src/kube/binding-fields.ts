import type { Binding, Flavour, NetworkingPeer, NetworkingRule } from '../core/model/kubernetes.ts';
import { flavours } from '../core/model/flavours.ts';
import {
  defined,
  type Json,
  numberAt,
  objectAt,
  objectsAt,
  textAt,
  textMapAt,
  textsAt,
} from './json.ts';
import { lastChange } from './last-change.ts';
import { appliedKeys, appliersOf, ownersOf, writeOf } from './managed-fields.ts';

/** A TargetGroupBinding from the JSON of the API server (`apis/elbv2/v1beta1/targetgroupbinding_types.go`). */
export function bindingOf(object: Json, flavour: Flavour): Binding {
  const metadata = objectAt(object, 'metadata');
  const spec = objectAt(object, 'spec');
  const labels = textMapAt(metadata, 'labels');
  const reference = objectAt(spec, 'serviceRef');
  const servicePort = reference['port'];
  const { checkpoint } = flavours[flavour];
  const annotations = textMapAt(metadata, 'annotations');
  const writtenAt = Number(annotations[`${checkpoint}-timestamp`]) * 1000;
  return {
    flavour,
    namespace: textAt(metadata, 'namespace') ?? '',
    name: textAt(metadata, 'name') ?? '',
    uid: textAt(metadata, 'uid') ?? '',
    resourceVersion: textAt(metadata, 'resourceVersion') ?? '',
    generation: numberAt(metadata, 'generation') ?? 0,
    terminating: textAt(metadata, 'deletionTimestamp') !== undefined,
    targetGroupArn: textAt(spec, 'targetGroupARN') ?? '',
    targetType: textAt(spec, 'targetType') === 'instance' ? 'instance' : 'ip',
    ipFamily: textAt(spec, 'ipAddressType') === 'ipv6' ? 'ipv6' : 'ipv4',
    multiCluster: spec['multiClusterTargetGroup'] === true,
    serviceName: textAt(reference, 'name') ?? '',
    servicePort:
      typeof servicePort === 'number' || typeof servicePort === 'string' ? servicePort : 0,
    labels,
    annotations,
    managers: {
      flag: ownersOf(metadata, 'f:spec', 'f:multiClusterTargetGroup'),
      appliers: appliersOf(metadata),
    },
    applied: appliedBy(metadata),
    finalizers: textsAt(metadata, 'finalizers'),
    spec,
    ...defined({
      checkpoint: annotations[checkpoint],
      flagWrite: writeOf(metadata, 'f:spec', 'f:multiClusterTargetGroup'),
      changedAt: lastChange(object),
      checkpointAt: writtenAt > 0 ? writtenAt : undefined,
      observedGeneration: numberAt(objectAt(object, 'status'), 'observedGeneration'),
      networking: networkingOf(spec),
      nodeSelector: spec['nodeSelector'] === undefined ? undefined : objectAt(spec, 'nodeSelector'),
      vpcId: textAt(spec, 'vpcID'),
      protocol: textAt(spec, 'targetGroupProtocol'),
      stack: stackOf(labels, flavour),
    }),
  };
}

/** Labels and annotations that nlbmc applied, or a person who applied a manifest of nlbmc's as it says. */
const appliedBy = (metadata: Json): NonNullable<Binding['applied']> => {
  const values = (field: 'labels' | 'annotations') => {
    const all = textMapAt(metadata, field);
    const keys = appliedKeys(metadata, 'nlbmc', field);
    return Object.fromEntries(keys.flatMap((key) => (key in all ? [[key, all[key] ?? '']] : [])));
  };
  return { labels: values('labels'), annotations: values('annotations') };
};

/** Both labels or none: a name alone, as in hand-made bindings, does not name the owner. */
function stackOf(labels: Readonly<Record<string, string>>, flavour: Flavour): Binding['stack'] {
  for (const [prefix, kind] of flavours[flavour].stackPrefixes) {
    const namespace = labels[`${prefix}stack-namespace`];
    const name = labels[`${prefix}stack-name`];
    if (namespace && name) return { kind, namespace, name };
    // A group of Ingresses belongs to no namespace (`StackLabels` in `pkg/deploy/tracking/provider.go`).
    const group = kind === 'ingress' ? labels[`${prefix}stack`] : undefined;
    if (group) return { kind, namespace: '', name: group };
  }
  return undefined;
}

function networkingOf(spec: Json): readonly NetworkingRule[] | undefined {
  if (spec['networking'] === undefined || spec['networking'] === null) return undefined;
  return objectsAt(objectAt(spec, 'networking'), 'ingress').map((rule) => ({
    from: objectsAt(rule, 'from').map(peerOf),
    ports: objectsAt(rule, 'ports').map((port) => {
      const number = port['port'];
      return defined({
        protocol: textAt(port, 'protocol'),
        port: typeof number === 'number' || typeof number === 'string' ? number : undefined,
      });
    }),
  }));
}

function peerOf(peer: Json): NetworkingPeer {
  const groupID = textAt(objectAt(peer, 'securityGroup'), 'groupID');
  const cidr = textAt(objectAt(peer, 'ipBlock'), 'cidr');
  return { ...(groupID && { securityGroup: { groupID } }), ...(cidr && { ipBlock: { cidr } }) };
}
