import { flavours } from './flavours.ts';
import type { AddedMetadata } from './kubernetes.ts';
import { isStackLabel, managedBy } from './annotations.ts';
import type { Template } from './templates.ts';

// The rules of the API server: `pkg/util/validation/validation.go` and
// `pkg/api/validation/objectmeta.go` in k8s.io/apimachinery.
const NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const LONGEST_NAME = 63;
const LONGEST_PREFIX = 253;
/** Of all annotations of an object, keys and values, in bytes. */
const MOST_ANNOTATION_BYTES = 256 * 1024;

/** Why the API server would refuse the key; undefined: it takes it. */
function keyFault(key: string): string | undefined {
  const parts = key.split('/');
  const name = parts.at(-1) ?? '';
  const prefix = parts.length > 1 ? parts[0] : undefined;
  if (parts.length > 2) return `The key ${key} has more than one slash.`;
  if (prefix !== undefined && (prefix.length > LONGEST_PREFIX || !SUBDOMAIN.test(prefix))) {
    return `The part of the key ${key} before the slash must be a DNS name in lower case.`;
  }
  if (name.length > LONGEST_NAME) {
    return `The name in the key ${key} is longer than ${LONGEST_NAME} characters.`;
  }
  return NAME.test(name)
    ? undefined
    : `The name in the key ${key || '""'} must consist of letters, digits, "-", "_" and ".", and start and end with a letter or digit.`;
}

/** Prefixes of keys by which a controller decides what to do, and of kubectl's own record. */
const reserved: readonly string[] = [
  ...Object.values(flavours).map(({ group }) => `${group}/`),
  'service.beta.kubernetes.io/',
  'kubectl.kubernetes.io/',
];

/** Why nlbmc does not set the key for a person; undefined: it does. */
function reservedFault(key: string): string | undefined {
  if (Object.hasOwn(managedBy, key)) return `nlbmc sets ${key} itself.`;
  if (isStackLabel(key)) {
    return `With ${key}, a controller treats the object as its own, and changes or deletes it.`;
  }
  const prefix = reserved.find((one) => key.toLowerCase().startsWith(one));
  if (prefix === undefined) return undefined;
  return `Keys that start with ${prefix} are for ${prefix.startsWith('kubectl') ? 'kubectl' : 'controllers'}.`;
}

/** Why a label cannot be put on what nlbmc creates; undefined: it can. */
export function labelFault(key: string, value: string): string | undefined {
  const fault = keyFault(key) ?? reservedFault(key);
  if (fault !== undefined) return fault;
  if (value.length > LONGEST_NAME) {
    return `The value of ${key} is longer than ${LONGEST_NAME} characters.`;
  }
  return value === '' || NAME.test(value)
    ? undefined
    : `The value of ${key} must consist of letters, digits, "-", "_" and ".", and start and end with a letter or digit.`;
}

/** Why an annotation cannot be put on what nlbmc creates; undefined: it can. */
export const annotationFault = (key: string): string | undefined =>
  // The API server compares the key in lower case, so its prefix may have capital letters.
  keyFault(key.toLowerCase()) ?? reservedFault(key);

const bytes = (text: string): number => new TextEncoder().encode(text).length;

/** Whether all of them are more than an object may have. */
export const tooManyAnnotations = (annotations: Readonly<Record<string, string>>): boolean =>
  Object.entries(annotations).reduce((sum, [key, value]) => sum + bytes(key) + bytes(value), 0) >
  MOST_ANNOTATION_BYTES;

/**
 * The labels and annotations of an object that nlbmc creates: the template's, a person's, and its own.
 * `kept`: what nlbmc put on it earlier, which a server-side apply without it would remove. The
 * controller's stack labels are never kept: it would list the object as its own and delete it
 * (`pkg/deploy/elbv2/target_group_binding_synthesizer.go`).
 */
export function createdMetadata(
  template: Template,
  added: AddedMetadata = {},
  kept: AddedMetadata = {},
): { readonly labels: Values; readonly annotations?: Values } {
  const labels = withoutStacks({ ...template.metadata?.labels, ...added.labels, ...managedBy });
  const annotations = { ...template.metadata?.annotations, ...added.annotations };
  const all = inOrder({ ...annotations, ...missingFrom(annotations, kept.annotations) });
  return {
    labels: inOrder({ ...labels, ...withoutStacks(missingFrom(labels, kept.labels)) }),
    ...(Object.keys(all).length > 0 ? { annotations: all } : {}),
  };
}

type Values = Readonly<Record<string, string>>;

/** By key: a manifest has the same bytes whatever the order of the options. */
const inOrder = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1)));

const withoutStacks = (labels: Values): Values =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => !isStackLabel(key)));

const missingFrom = (there: Values, values: Values = {}): Values =>
  Object.fromEntries(Object.entries(values).filter(([key]) => !Object.hasOwn(there, key)));
