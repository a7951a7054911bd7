import type { KubeObject } from './object.ts';
import { badRequest } from './status-error.ts';

type Labels = Readonly<Record<string, string>>;

/** metav1.LabelSelector. */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/**
 * Whether labels satisfy a selector object; an empty selector selects everything. Raises 400 for an
 * unknown operator. Source: apimachinery pkg/apis/meta/v1/helpers.go, LabelSelectorAsSelector.
 */
export function matchesLabels(selector: LabelSelector, labels: Labels): boolean {
  const equal = Object.entries(selector.matchLabels ?? {});
  if (!equal.every(([key, value]) => labels[key] === value)) return false;
  return (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = labels[key];
    switch (operator) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        throw badRequest(`"${operator}" is not a valid label selector operator`);
    }
  });
}

const SET = /^\s*([^\s=!,()]+)\s+(in|notin)\s*\(([^)]*)\)\s*$/;
const EQUAL = /^\s*([^\s=!,()]+)\s*(==|=|!=)\s*([^\s=!,()]*)\s*$/;
const EXISTS = /^\s*(!?)\s*([^\s=!,()]+)\s*$/;

/**
 * A test for `a=b,c!=d,e in (f,g),h,!i`, as in a request's labelSelector.
 * Raises 400 where it cannot be read. Source: apimachinery pkg/labels/selector.go.
 */
export function parseLabelSelector(text: string): (labels: Labels) => boolean {
  const terms = text.trim() === '' ? [] : text.split(/,(?![^(]*\))/);
  const tests = terms.map((term): ((labels: Labels) => boolean) => {
    const set = SET.exec(term);
    if (set) {
      const values = set[3]!.split(',').map((value) => value.trim());
      const wanted = set[2] === 'in';
      const key = set[1]!;
      return (labels) => (key in labels && values.includes(labels[key]!)) === wanted;
    }
    const equal = EQUAL.exec(term);
    if (equal) return (labels) => (labels[equal[1]!] === equal[3]) === (equal[2] !== '!=');
    const exists = EXISTS.exec(term);
    if (exists) return (labels) => Object.hasOwn(labels, exists[2]!) === (exists[1] === '');
    throw badRequest(
      `unable to parse requirement: found '${term.trim()}', expected: a requirement such as key=value, key in (a,b), key or !key`,
    );
  });
  return (labels) => tests.every((test) => test(labels));
}

const COMMON = ['metadata.name', 'metadata.namespace'];
const INVOLVED = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];
/** The fields that the real server lets one select by, beside name and namespace. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  Service: ['spec.type', 'spec.clusterIP'],
  Namespace: ['status.phase'],
  Node: ['spec.unschedulable'],
  ReplicaSet: ['status.replicas'],
  Event: [
    ...INVOLVED.map((field) => `involvedObject.${field}`),
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
};

function fieldOf(object: KubeObject, field: string): string {
  if (field === 'source' && object.kind === 'Event') return object['source']?.component ?? '';
  let value: unknown = object;
  for (const part of field.split('.'))
    value = (value as Record<string, unknown> | undefined)?.[part];
  if (value === undefined) return field === 'spec.unschedulable' ? 'false' : '';
  return String(value);
}

/** A test for `metadata.name=x,status.phase!=y`. Raises 400 for a field the kind has no index for. */
export function parseFieldSelector(text: string, kind: string): (object: KubeObject) => boolean {
  const terms = text.trim() === '' ? [] : text.split(',');
  const tests = terms.map((term) => {
    const match = /^\s*([^=!]+?)\s*(==|=|!=)\s*(.*?)\s*$/.exec(term);
    if (!match) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    const [, field, operator, value] = match;
    if (!COMMON.includes(field!) && !FIELDS[kind]?.includes(field!))
      throw badRequest(`field label not supported: ${field}`);
    return (object: KubeObject) => (fieldOf(object, field!) === value) === (operator !== '!=');
  });
  return (object) => tests.every((test) => test(object));
}
