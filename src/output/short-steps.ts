import { attributesAnnotation } from '../core/model/annotations.ts';
import { attributeItems } from '../core/model/attributes.ts';
import { targetText } from '../core/model/target-key.ts';
import { count } from '../core/model/words.ts';
import { nameText, type NetworkingPeer, type NetworkingRule } from '../core/model/kubernetes.ts';
import { peersText, portsText } from './enrollment-lines.ts';
import type { KubeDocument, Plan, Step, ToldStep, WriteStep } from '../core/plan/plan.ts';
import {
  addedLines,
  bindingText,
  documentName,
  groupName,
  stepDetails,
  stepTitle,
  valueText,
} from './step-lines.ts';
import { laterLines } from './later-lines.ts';
import { phaseLines } from './phase-lines.ts';
import { rightLines } from './step-rights.ts';
import { alikeSteps, inAnyCluster } from './alike-steps.ts';
import type { Style } from './style.ts';
import { indent } from './table.ts';
import { waitTexts } from './wait-texts.ts';

/** A value that changes: its name, what it was and what it becomes. */
type ValueChange = readonly [name: string, before: string, after: string];

const shown = (value: unknown): string => (value === undefined ? '-' : valueText(value));

/** Items of the attributes annotation that change; the others stay and are no change. */
function attributeChanges(before: string | undefined, after: string): readonly ValueChange[] {
  const [old, now] = [attributeItems(before), attributeItems(after)];
  if ('kind' in old || 'kind' in now)
    return [['aws-load-balancer-attributes', shown(before), after]];
  const [was, is] = [old, now].map((items) => new Map(items.map(({ key, value }) => [key, value])));
  return [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])]
    .filter((key) => was?.get(key) !== is?.get(key))
    .map((key) => [key, shown(was?.get(key)), shown(is?.get(key))]);
}

function annotationChanges(
  before: Readonly<Record<string, string | undefined>>,
  after: Readonly<Record<string, string>>,
): readonly ValueChange[] {
  return Object.entries(after)
    .filter(([name, value]) => before[name] !== value)
    .flatMap(([name, value]): readonly ValueChange[] =>
      name === attributesAnnotation
        ? attributeChanges(before[name], value)
        : [[name.replace(/^.*\/aws-load-balancer-/, ''), shown(before[name]), value]],
    );
}

function changeLines(changes: readonly ValueChange[]): string[] {
  const width = Math.max(0, ...changes.map(([name]) => name.length));
  return changes.map(([name, before, after]) => `${name.padEnd(width)}  ${before} -> ${after}`);
}

/** The part of a binding that a person looks at before it is created. */
interface Spec {
  readonly targetGroupARN: string;
  readonly targetType: string;
  readonly serviceRef: { readonly port: number | string };
  readonly networking?: {
    readonly ingress?: readonly {
      readonly from: readonly NetworkingPeer[];
      readonly ports: readonly { readonly protocol?: string; readonly port?: number | string }[];
    }[];
  };
}

function newBinding(document: KubeDocument): string[] {
  const { targetGroupARN, targetType, serviceRef, networking } = document['spec'] as Spec;
  const rules = networking?.ingress ?? [];
  return [
    `port ${serviceRef.port}  ${targetType} targets  ${groupName(targetGroupARN)}`,
    ...addedLines(document),
    ...rules.map(({ from, ports }) => `allow: ${peersText(from)} to ${portsText(ports)}`),
  ];
}

/**
 * A field by the name that tells it: an annotation of the controller without its prefix. That of the type
 * keeps it, since the Service has a type, too.
 */
const shortPath = (path: string): string =>
  path.replace(/^(?:spec|metadata)\.|^.*\/(?:(?=aws-load-balancer-type$)|aws-load-balancer-)/, '');

const RULES = 'spec.networking.ingress';

/** Rules of a binding, as they are told where it is created. */
const rulesText = (rules: unknown): string =>
  ((rules ?? []) as readonly NetworkingRule[])
    .map(({ from, ports }) => `${peersText(from)} to ${portsText(ports)}`)
    .join('; ') || '-';

/** What a step changes, in short: only values that change, without ARNs. */
function shortDetails(step: ToldStep): string[] {
  switch (step.kind) {
    case 'annotate-service':
      return changeLines(annotationChanges(step.before, step.after));
    case 'apply-binding':
      return step.changes.length > 0
        ? changeLines(
            step.changes.map(({ path, before, after }) => [path, shown(before), shown(after)]),
          )
        : newBinding(step.document);
    case 'patch-service':
    case 'patch-binding':
      return changeLines(
        step.changes.map(({ path, before, after }) => {
          const text = path === RULES ? rulesText : shown;
          return [shortPath(path), text(before), text(after)];
        }),
      );
    case 'write-tags':
      return [
        ...(step.names.length > 1 ? [step.names.join(', ')] : []),
        ...changeLines(
          [...Object.keys(step.set), ...step.remove].map((key) => [
            `tag ${key}`,
            shown(step.before[key]),
            shown(step.set[key]),
          ]),
        ),
      ];
    case 'set-flag':
      return changeLines([['multiClusterTargetGroup', String(!step.flag), String(step.flag)]]);
    case 'delete-binding':
      return step.tracked.length > 0 ? [step.tracked.map(targetText).join('  ')] : [];
    case 'deregister-targets':
      return [step.targets.map(targetText).join('  ')];
    default:
      return stepDetails(step);
  }
}

/** The title of a step, with the number of the clusters that make it. */
function titleOf(step: Step, clusters: number): string {
  if (clusters === 1) return stepTitle(step);
  const each = `each of ${clusters} clusters`;
  const title = stepTitle(inAnyCluster(step, each));
  return step.kind === 'wait' ? `wait in ${each} until` : title;
}

/** The details of a step that several clusters make: once where they are the same, then the clusters. */
function belowAll(same: readonly Step[], below: (step: Step) => string[]): string[] {
  const texts = same.map((step) => below(inAnyCluster(step, '')));
  const [first = []] = texts;
  const clusters = same.map(({ cluster = '' }) => cluster);
  return texts.every((lines) => lines.join() === first.join())
    ? [...first, clusters.join(', ')]
    : clusters.map((cluster, n) => `${cluster}: ${(texts[n] ?? []).join('  ')}`);
}

/**
 * A plan in short, to be read before it is done. A single change of annotations needs no title: the
 * heading names the Service. What is waited for after the last step is told when it is reached.
 */
export function shortPlan(plan: Plan, style: Style): string[] {
  const details = style.screen?.verbose ? stepDetails : shortDetails;
  const [only] = plan.steps;
  if (only?.kind === 'annotate-service' && plan.steps.length === 1) return indent(details(only));
  const verbose = style.screen?.verbose === true;
  const all = verbose
    ? plan.steps.map((step) => ({ first: step, steps: [step] }))
    : alikeSteps(plan, (step) => stepTitle(inAnyCluster(step, '')));
  const lead = (index: number): string => (all.length > 1 ? `${index + 1}. ` : '');
  const leftOut = (plan.leftOut ?? []).flatMap(({ cluster, problems }) => [
    `${style.paint('bad', `${style.glyph.bad} ${cluster} takes no part:`)} ${problems[0]?.message ?? ''}`,
    ...(problems.length > 1 ? [`and ${count(problems.length - 1, 'more reason')}`] : []),
  ]);
  const below = (step: ToldStep): string[] =>
    step.kind === 'wait'
      ? waitTexts(step).map((text) => `${style.glyph.item} ${text}`)
      : [...details(step), ...rightLines(step, plan)];
  const steps = all.flatMap(({ first, steps: same }, index) => [
    ...indent(phaseLines(first, all[index - 1]?.first, style)),
    ...indent([`${lead(index)}${style.paint('strong', titleOf(first, same.length))}`]),
    ...indent(same.length === 1 ? below(first) : belowAll(same, below), 4),
    ...indent(laterLines(plan, first, style, below)),
  ]);
  return [...steps, ...leftOut];
}

/** What a step has done, in a few words. */
export function stepDone(step: WriteStep): string {
  switch (step.kind) {
    case 'annotate-service':
      return 'annotated';
    case 'create-service':
      return `created ${documentName(step.document)}`;
    case 'apply-binding':
      return `${step.changes.length > 0 ? 'changed' : 'created'} ${documentName(step.document)}`;
    case 'set-flag':
      return `${step.flag ? 'shared' : 'ended the sharing of'} ${bindingText(step.binding)}`;
    case 'delete-binding':
      return `deleted ${bindingText(step.binding)}`;
    case 'delete-service':
      return `deleted Service ${nameText(step.service)}`;
    case 'deregister-targets':
      return `deregistered ${count(step.targets.length, 'target')} from ${groupName(step.targetGroupArn)}`;
    case 'remove-finalizer':
      return `removed the finalizer of ${bindingText(step.binding)}`;
    case 'delete-tracked':
      return `deleted the ConfigMap of ${bindingText(step.binding)}`;
    case 'reset-checkpoint':
      return `triggered a full reconcile of ${bindingText(step.binding)}`;
    case 'patch-service':
    case 'patch-binding':
    case 'write-tags':
      return stepTitle(step).replace(/^change /, 'changed ');
    case 'restart-controller':
      return stepTitle(step).replace(/^restart /, 'restarted ');
    case 'create-placeholder':
      return stepTitle(step).replace(/^create /, 'created ');
    case 'delete-target-group':
      return stepTitle(step).replace(/^delete /, 'deleted ');
  }
}
