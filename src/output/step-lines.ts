import type { KubeDocument, ToldStep } from '../core/plan/plan.ts';
import type { BindingName } from '../core/model/kubernetes.ts';
import { managedBy } from '../core/model/annotations.ts';
import { nameText } from '../core/model/kubernetes.ts';
import { targetText } from '../core/model/target-key.ts';
import { count } from '../core/model/words.ts';
import type { Style } from './style.ts';
import { indent } from './table.ts';
import { waitTexts } from './wait-texts.ts';

/** A value of an annotation or field, as it is printed. */
export const valueText = (value: unknown): string =>
  value === undefined ? '(absent)' : typeof value === 'string' ? value : JSON.stringify(value);

/** Every field of a document's spec on a line of its own: `serviceRef.name: nginx`. */
function fieldLines(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [`${path}: ${valueText(value)}`];
  const entries = Object.entries(value);
  if (entries.length === 0) return [`${path}: ${valueText(value)}`];
  return entries.flatMap(([key, inner]) => {
    const name = Array.isArray(value) ? `[${key}]` : `.${key}`;
    return fieldLines(inner, `${path}${name}`.replace(/^\./, ''));
  });
}

/** Labels and annotations of what is created, but for nlbmc's own. */
export const addedLines = ({ metadata }: KubeDocument): string[] =>
  [
    ['label', metadata.labels ?? {}] as const,
    ['annotation', metadata.annotations ?? {}] as const,
  ].flatMap(([word, values]) =>
    Object.entries(values)
      .filter(([key]) => !Object.hasOwn(managedBy, key))
      .map(([key, value]) => `${word} ${key}=${value}`),
  );

const change = (name: string, before: unknown, after: unknown): string[] => [
  name,
  `  before: ${valueText(before)}`,
  `  after:  ${valueText(after)}`,
];

export const documentName = (document: KubeDocument): string =>
  `${document.kind} ${document.metadata.namespace}/${document.metadata.name}`;

export const bindingText = ({ namespace, name }: BindingName): string =>
  `TargetGroupBinding ${namespace}/${name}`;

/** Name of a target group, as its ARN tells it. */
export const groupName = (arn: string): string => `target group ${arn.split('/').at(-2) ?? arn}`;

const counted = (n: number): string => (n === 1 ? '1 target' : `${n} targets`);

/** What tags are changed of: one by its name, several by their number. */
const taggedText = ([first = '', ...more]: readonly string[]): string =>
  more.length === 0 ? first : count(more.length + 1, 'resource');

/** What a step does, as one sentence without its end: `annotate Service default/nginx in pri`. */
export function stepTitle(step: ToldStep): string {
  switch (step.kind) {
    case 'annotate-service':
      return `annotate Service ${step.service.namespace}/${step.service.name} in ${step.cluster}`;
    case 'create-service':
      return `create ${documentName(step.document)} in ${step.cluster}`;
    case 'apply-binding':
      return `${step.changes.length > 0 ? 'change' : 'create'} ${documentName(step.document)} in ${step.cluster}`;
    case 'set-flag':
      return `${step.flag ? 'share' : 'end the sharing of'} ${bindingText(step.binding)} in ${step.cluster}`;
    case 'delete-binding':
      return `delete ${bindingText(step.binding)} in ${step.cluster}${step.tracked.length === 0 ? '' : `: its controller deregisters ${counted(step.tracked.length)}`}`;
    case 'delete-service':
      return `delete Service ${step.service.namespace}/${step.service.name} in ${step.cluster}`;
    case 'deregister-targets':
      return `deregister ${counted(step.targets.length)} of ${step.cluster ?? 'no listed cluster'} from ${groupName(step.targetGroupArn)}`;
    case 'remove-finalizer':
      return `remove the controller's finalizer from ${bindingText(step.binding)} in ${step.cluster}`;
    case 'delete-tracked':
      return `delete the ConfigMap with the tracked targets of ${bindingText(step.binding)} in ${step.cluster}`;
    case 'reset-checkpoint':
      return `trigger a full reconcile of ${bindingText(step.binding)} in ${step.cluster}`;
    case 'patch-service':
      return `change ${step.subresource ? `the ${step.subresource} of ` : ''}Service ${nameText(step.service)} in ${step.cluster}`;
    case 'patch-binding':
      return `change ${bindingText(step.binding)} in ${step.cluster}`;
    case 'restart-controller':
      return `restart Deployment ${nameText(step.deployment)} in ${step.cluster}`;
    case 'write-tags':
      return `change the tags of ${taggedText(step.names)}`;
    case 'create-placeholder':
      return `create target group ${step.name} without targets`;
    case 'delete-target-group':
      return `delete target group ${step.name}`;
    case 'wait':
      return 'wait until';
  }
}

/** What a step changes, with before and after. */
export function stepDetails(step: ToldStep): string[] {
  switch (step.kind) {
    case 'annotate-service':
      return Object.entries(step.after).flatMap(([name, value]) =>
        change(name, step.before[name], value),
      );
    case 'create-service':
      return [...addedLines(step.document), ...fieldLines(step.document['spec'], '')];
    case 'apply-binding':
      if (step.changes.length === 0)
        return [...addedLines(step.document), ...fieldLines(step.document['spec'], '')];
      return step.changes.flatMap(({ path, before, after }) => change(path, before, after));
    case 'set-flag':
      return change('spec.multiClusterTargetGroup', !step.flag, step.flag);
    case 'delete-binding':
      return step.tracked.map(targetText);
    case 'deregister-targets':
      return step.targets.map(targetText);
    case 'wait':
      return waitTexts(step);
    case 'patch-service':
    case 'patch-binding':
      return step.changes.flatMap(({ path, before, after }) => change(path, before, after));
    case 'write-tags':
      return [
        ...(step.names.length > 1 ? step.names : []),
        ...[...Object.keys(step.set), ...step.remove].flatMap((key) =>
          change(key, step.before[key], step.set[key]),
        ),
      ];
    case 'create-placeholder':
      return [`${step.protocol} ${step.port}  ${step.targetType} targets  ${step.vpcId}`];
    case 'restart-controller':
    case 'delete-target-group':
    case 'delete-service':
    case 'remove-finalizer':
    case 'delete-tracked':
    case 'reset-checkpoint':
      return [];
  }
}

/** A step with its details, to be read aloud before it is done. */
export const stepLines = (step: ToldStep, style: Style, lead: string): string[] => [
  `${lead} ${style.paint('strong', stepTitle(step))}`,
  ...indent(stepDetails(step), lead.length + 1),
];
