import { parseArn } from './arn.ts';
import { bindingKind } from './flavours.ts';
import type { Flavour, ObjectName } from './kubernetes.ts';
import type { Target } from './target.ts';

/**
 * A cluster as an option names it: by its context, by the name that AWS or a record has for it, or
 * `any`: one that nlbmc cannot know, which a person fills in.
 */
export type ClusterRef = string | { readonly clusterName: string } | { readonly any: true };

/** What an option is given: nothing more (`true`), a value, or clusters. Undefined: it is left out. */
export type OptionValue = true | string | number | readonly ClusterRef[] | undefined;

/** A command of nlbmc's about a Service. Only the builders in nlbmc-hints.ts make one. */
export interface NlbmcHint {
  readonly kind: 'nlbmc';
  readonly command: string;
  readonly service?: ObjectName;
  /** By their long name without dashes, in the order in which they are printed. */
  readonly options: Readonly<Record<string, OptionValue>>;
  /** What a person accepts who types it, where it lifts a guard: `its 3 targets are deregistered`. */
  readonly accepts?: string;
  /** Where it is to be typed, for a command with a cluster that is not known: `in each other cluster`. */
  readonly where?: string;
  /** The file that its output goes to. */
  readonly into?: string;
  /** A comment behind the command. */
  readonly note?: string;
}

/** A command of another tool: the words of kubectl, aws, helm as they are typed. */
export interface ToolHint {
  readonly kind: 'tool';
  readonly argv: readonly [string, ...string[]];
  readonly note?: string;
}

/** A sentence: what to do where no command can be known. */
export interface AdviceHint {
  readonly kind: 'advice';
  readonly text: string;
}

/**
 * What to do next, as data. A command is spelled when it is printed, with the flags of the run that
 * prints it, so that it works as typed; `next`, `undo` and the hints of a Problem are all of this type.
 */
export type Hint = NlbmcHint | ToolHint | AdviceHint;

/** Options that lift a guard: what has one is never the next thing to type, but a person's decision. */
export const liftsGuard = (option: string): boolean =>
  /^(?:yes$|accept|allow|force-conflicts$|adopt$|exclusive$|without-controller$)/.test(option);

/** The same command with a comment behind it. */
export const noted = <H extends NlbmcHint | ToolHint>(hint: H, note: string): H => ({
  ...hint,
  note,
});

export const advice = (text: string): AdviceHint => ({ kind: 'advice', text });

/** A kubectl command in a context, with a namespace where the object has one. */
export const kubectlHint = (
  where: { readonly context: string; readonly namespace?: string },
  ...words: readonly string[]
): ToolHint => ({
  kind: 'tool',
  argv: [
    'kubectl',
    '--context',
    where.context,
    ...(where.namespace === undefined ? [] : ['-n', where.namespace]),
    ...words,
  ],
});

/** Which contexts there are, and to which server each leads. */
export const getContextsHint: ToolHint = {
  kind: 'tool',
  argv: ['kubectl', 'config', 'get-contexts'],
};

/** Shows an object with its last events. */
export const describeHint = (
  context: string,
  kind: string,
  { namespace, name }: ObjectName,
): ToolHint => kubectlHint({ context, namespace }, 'describe', kind, name);

/** Shows a binding with its last events. */
export const describeBindingHint = (
  context: string,
  binding: ObjectName & { readonly flavour: Flavour },
): ToolHint => describeHint(context, bindingKind(binding.flavour), binding);

/** Whether the person may list the bindings of that controller in all namespaces. */
export const mayListHint = (context: string, flavour: Flavour): ToolHint =>
  kubectlHint(
    { context },
    'auth',
    'can-i',
    'list',
    bindingKind(flavour).replace('binding.', 'bindings.'),
    '-A',
  );

/** What still holds a Service that is being deleted: `describe` does not show finalizers. */
export const heldByHint = (context: string, { namespace, name }: ObjectName): ToolHint =>
  noted(
    kubectlHint(
      { context, namespace },
      'get',
      'service',
      name,
      '-o',
      'jsonpath={.metadata.finalizers}',
    ),
    'what still holds it',
  );

/** Opens a Service in an editor. */
export const editServiceHint = (context: string, { namespace, name }: ObjectName): ToolHint =>
  kubectlHint({ context, namespace }, 'edit', 'service', name);

/** The events about a Service. */
export const serviceEventsHint = (context: string, { namespace, name }: ObjectName): ToolHint =>
  kubectlHint({ context, namespace }, 'events', '--for', `service/${name}`);

/** Makes a binding shared without deleting it: deleting an exclusive binding deregisters all targets. */
export const shareByHandHint = (
  context: string,
  { namespace, name, flavour = 'lbc' }: ObjectName & { readonly flavour?: Flavour },
): ToolHint =>
  kubectlHint(
    { context, namespace },
    'patch',
    bindingKind(flavour),
    name,
    '--type=merge',
    '-p',
    '{"spec":{"multiClusterTargetGroup":true}}',
  );

/** An aws CLI command, in the region of the ARN that it is about, where there is one. */
export function awsHint(words: readonly string[], arn?: string): ToolHint {
  const region = arn === undefined ? undefined : parseArn(arn)?.region;
  return {
    kind: 'tool',
    argv: ['aws', ...words, ...(region === undefined ? [] : ['--region', region])],
  };
}

/** Registers or deregisters targets of a target group by hand. */
export const targetsHint = (
  verb: 'register' | 'deregister',
  arn: string,
  targets: readonly Target[],
): ToolHint =>
  awsHint(
    [
      'elbv2',
      `${verb}-targets`,
      '--target-group-arn',
      arn,
      '--targets',
      ...targets.map(({ id, port }) => `Id=${id},Port=${port}`),
    ],
    arn,
  );

/** Sets an attribute of a load balancer. */
export const attributeHint = (arn: string, key: string, value: string): ToolHint =>
  awsHint(
    [
      'elbv2',
      'modify-load-balancer-attributes',
      '--load-balancer-arn',
      arn,
      '--attributes',
      `Key=${key},Value=${value}`,
    ],
    arn,
  );
