import { dnsLabel, dnsSubdomain, qualifiedName } from './formats.ts';
import type { Format } from './formats.ts';
import { badFormat, badValue, labelFaults, notAllowed, required } from './faults.ts';
import { sameJson } from './object.ts';
import type { KubeObject, Metadata, OwnerReference } from './object.ts';
import type { ResourceDef } from './resources.ts';
import type { FieldError } from './status-error.ts';

/** Of what generated names are made: no vowels, nothing to mistake (apimachinery pkg/util/rand/rand.go). */
export const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

const ANNOTATIONS_LIMIT = 262_144;

/** A name of an RBAC object may be anything that fits into a path (pkg/api/validate/content/path.go). */
const pathSegment: Format = (value) => [
  ...(value === '.' || value === '..' ? [`may not be '${value}'`] : []),
  ...['/', '%'].filter((part) => value.includes(part)).map((part) => `may not contain '${part}'`),
];

function formatOf(def: ResourceDef): Format {
  if (def.key === 'namespaces' || def.key === 'services') return dnsLabel;
  return def.group === 'rbac.authorization.k8s.io' ? pathSegment : dnsSubdomain;
}

function ownerFaults(owner: OwnerReference): FieldError[] {
  const at = 'metadata.ownerReferences';
  const { apiVersion, kind, name, uid } = owner;
  return [
    ...(apiVersion === '' ? [badValue(`${at}.apiVersion`, '', 'version must not be empty')] : []),
    ...Object.entries({ kind, name, uid }).flatMap(([field, value]) =>
      value === '' ? [badValue(`${at}.${field}`, '', 'must not be empty')] : [],
    ),
    ...(apiVersion === 'v1' && kind === 'Event'
      ? [badValue(at, owner, '/v1, Kind=Event is disallowed from being an owner')]
      : []),
  ];
}

function ownersFaults(owners: readonly OwnerReference[]): FieldError[] {
  const [first, ...more] = owners.filter(({ controller }) => controller);
  const named = ({ kind, name }: OwnerReference): string => `${kind}/${name}`;
  return [
    ...owners.flatMap(ownerFaults),
    ...more.map((other) =>
      badValue(
        'metadata.ownerReferences',
        owners,
        `Only one reference can have Controller set to true. Found "true" in references for ${named(first!)} and ${named(other)}`,
      ),
    ),
  ];
}

function finalizerFaults(finalizers: readonly string[], def: ResourceDef): FieldError[] {
  const at = 'metadata.finalizers';
  const both = ['orphan', 'foregroundDeletion'].every((one) => finalizers.includes(one));
  // All kinds but these name finalizers by domain (kubernetes pkg/apis/core/validation, validateKubeFinalizerName).
  const looser =
    def.custom ||
    def.key === 'events' ||
    ['apiextensions.k8s.io', 'admissionregistration.k8s.io'].includes(def.group);
  const plain = ['orphan', 'foregroundDeletion', 'kubernetes'];
  return [
    ...finalizers.flatMap((one, i) => [
      ...badFormat(at, one, qualifiedName),
      ...(looser || one.includes('/') || plain.includes(one)
        ? []
        : [
            badValue(
              `${at}[${i}]`,
              one,
              'name is neither a standard finalizer name nor is it fully qualified',
            ),
          ]),
    ]),
    ...(both
      ? [badValue(at, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set')]
      : []),
  ];
}

function changeFaults(metadata: Metadata, old: Metadata): FieldError[] {
  const faults: FieldError[] = [];
  for (const field of ['uid', 'deletionTimestamp', 'deletionGracePeriodSeconds'])
    if (!sameJson(metadata[field], old[field]))
      faults.push(badValue(`metadata.${field}`, metadata[field], 'field is immutable'));
  const added = (metadata.finalizers ?? []).filter((one) => !old.finalizers?.includes(one));
  if (old.deletionTimestamp && added.length > 0) {
    const list = added
      .sort()
      .map((finalizer) => `"${finalizer}"`)
      .join(', ');
    const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
    faults.push(notAllowed('metadata.finalizers', why));
  }
  return faults;
}

/**
 * What is wrong with the metadata of an object of this kind, and with its change. Source: apimachinery
 * pkg/api/validation/objectmeta.go.
 */
export function metadataFaults(
  object: KubeObject,
  def: ResourceDef,
  old?: KubeObject,
): FieldError[] {
  const { metadata } = object;
  const { name, generateName, annotations, ownerReferences, finalizers } = metadata;
  const format = formatOf(def);
  const size = Buffer.byteLength(
    Object.entries(annotations ?? {})
      .flat()
      .join(''),
  );
  return [
    // A prefix may end with a dash, since something follows.
    ...(generateName
      ? format(generateName.replace(/-$/, 'x')).map((why) =>
          badValue('metadata.generateName', generateName, why),
        )
      : []),
    ...(old ? [] : badFormat('metadata.name', name, format)),
    ...(metadata.generation !== undefined && metadata.generation < 0
      ? [badValue('metadata.generation', metadata.generation, 'must be greater than or equal to 0')]
      : []),
    ...labelFaults('metadata.labels', metadata.labels),
    ...Object.keys(annotations ?? {}).flatMap((key) =>
      qualifiedName(key.toLowerCase()).map((why) => badValue('metadata.annotations', key, why)),
    ),
    ...(size > ANNOTATIONS_LIMIT
      ? [
          {
            field: 'metadata.annotations',
            message: `Too long: may not be more than ${ANNOTATIONS_LIMIT} bytes`,
            reason: 'FieldValueTooLong',
          },
        ]
      : []),
    ...ownersFaults(ownerReferences ?? []),
    ...finalizerFaults(finalizers ?? [], def),
    ...(old ? changeFaults(metadata, old.metadata) : []),
    ...(name ? [] : [required('metadata.name', 'name or generateName is required')]),
  ];
}
