import type { FromFile } from '../core/model/intent.ts';
import { fromOptions } from '../core/model/nlbmc-hints.ts';
import { commandText } from '../core/model/shell-words.ts';
import {
  type AdviceHint,
  type ClusterRef,
  type Hint,
  liftsGuard,
  type NlbmcHint,
  type OptionValue,
  type ToolHint,
} from '../core/model/hint.ts';

/** What the person typed to connect, and every command needs again that is printed to be typed. */
export interface RunFlags {
  readonly programName?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly as?: string | undefined;
  readonly asGroup?: readonly string[] | undefined;
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  readonly nativeEksToken?: boolean | undefined;
  /** The document of `join` and `verify`, in the place of connections to other clusters. */
  readonly evidence?: FromFile | undefined;
  /** The one context of the kubeconfig that leads to the cluster of that name; undefined: none, or several. */
  readonly contextOf?: (clusterName: string) => string | undefined;
}

/** A hint as it is printed: a label before it, and the words of the command where it is one. */
export interface Typed {
  /** `advice` is a line of its own; `fill` and `accept` have a clause of their own in `text`. */
  readonly role: 'next' | 'fill' | 'accept' | 'advice';
  /** A line, without its label. */
  readonly text: string;
  /** The end of the line that is typed, where there is one: it must not be broken. */
  readonly command?: string;
  readonly argv?: readonly string[];
}

const flag = (name: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [name, value];

const groups = (run: RunFlags): readonly string[] =>
  (run.asGroup ?? []).flatMap((group) => ['--as-group', group]);

/** The flags of the run that a command of the tool takes, and does not have already. */
function flagsFor(tool: string, argv: readonly string[], run: RunFlags): readonly string[] {
  const missing = (name: string, value: string | undefined): readonly string[] =>
    argv.includes(name) ? [] : flag(name, value);
  if (tool === 'kubectl') {
    return [...missing('--kubeconfig', run.kubeconfig), ...flag('--as', run.as), ...groups(run)];
  }
  if (tool === 'aws') {
    return [...missing('--profile', run.profile), ...missing('--region', run.region)];
  }
  return [];
}

/** The document goes on to the commands that take it as evidence, unless they connect instead. */
const evidenceFor = ({ command, options }: NlbmcHint, { evidence }: RunFlags): readonly string[] =>
  evidence === undefined ||
  !['join', 'verify'].includes(command) ||
  options['from'] !== undefined ||
  options['primary'] !== undefined
    ? []
    : Object.entries(fromOptions(evidence)).flatMap(([name, value]) =>
        flag(`--${name}`, value as string | undefined),
      );

const nlbmcFlags = (hint: NlbmcHint, run: RunFlags): readonly string[] => [
  ...evidenceFor(hint, run),
  ...flag('--kubeconfig', run.kubeconfig),
  // A document is written by another person, with rights that the user of this run may not have.
  ...(hint.into === undefined ? [...flag('--as', run.as), ...groups(run)] : []),
  ...flag('--profile', run.profile),
  ...flag('--region', hint.options['region'] === undefined ? run.region : undefined),
  ...(run.nativeEksToken === false ? ['--no-native-eks-token'] : []),
];

/** The placeholder for a cluster whose context a person fills in. */
const OPEN = '…';

const contextText = (cluster: ClusterRef, run: RunFlags): string => {
  if (typeof cluster === 'string') return cluster;
  return 'any' in cluster ? OPEN : (run.contextOf?.(cluster.clusterName) ?? OPEN);
};

function optionWords(name: string, value: OptionValue, run: RunFlags): readonly string[] {
  if (value === undefined) return [];
  if (value === true) return [`--${name}`];
  if (typeof value !== 'object') return [`--${name}`, String(value)];
  const words = value.map((item) => contextText(item, run));
  return name === 'context' || name === 'primary'
    ? [`--${name}`, words.join(',')]
    : words.flatMap((word) => [`--${name}`, word]);
}

/** Names of clusters in the options to which no context leads. */
const unresolved = (hint: NlbmcHint, run: RunFlags): readonly string[] =>
  Object.values(hint.options).flatMap((value) =>
    Array.isArray(value)
      ? (value as readonly ClusterRef[]).flatMap((cluster) =>
          typeof cluster === 'object' &&
          'clusterName' in cluster &&
          run.contextOf?.(cluster.clusterName) === undefined
            ? [cluster.clusterName]
            : [],
        )
      : [],
  );

function nlbmcText(hint: NlbmcHint, run: RunFlags): Typed {
  const { service, options, accepts, note, where, into } = hint;
  const argv = [
    ...(run.programName ?? 'nlbmc').split(' '),
    hint.command,
    ...(service === undefined ? [] : [service.name, '-n', service.namespace]),
    ...Object.entries(options).flatMap(([name, value]) => optionWords(name, value, run)),
    ...nlbmcFlags(hint, run),
  ];
  const target = into === undefined ? '' : ` > ${commandText([into])}`;
  const line = `${commandText(argv)}${target}${note === undefined ? '' : `   # ${note}`}`;
  const missing = unresolved(hint, run);
  if (missing.length > 0) {
    const filled = `with the context of cluster ${missing.join(' and of cluster ')} for ${OPEN}`;
    return { role: 'fill', text: `${filled}: ${line}`, command: line };
  }
  if (argv.some((word) => word.split(',').includes(OPEN))) {
    return {
      role: 'fill',
      text: `${where ?? `with the context for ${OPEN}`}: ${line}`,
      command: line,
    };
  }
  const lifts = Object.entries(options).some(
    ([name, value]) => value !== undefined && liftsGuard(name),
  );
  // Only a shell knows what `>` is: without it the words alone are another command.
  if (into !== undefined) return { role: 'next', text: line, command: line };
  if (accepts === undefined && !lifts) return { role: 'next', text: line, command: line, argv };
  const what = accepts === undefined ? 'if you accept that' : `if you accept that ${accepts}`;
  return { role: 'accept', text: `${what}: ${line}`, command: line, argv };
}

function toolText({ argv, note }: ToolHint, run: RunFlags): Typed {
  const [tool, ...words] = argv;
  const all = [tool, ...words, ...flagsFor(tool, argv, run)];
  const line = `${commandText(all)}${note === undefined ? '' : `   # ${note}`}`;
  return { role: 'next', text: line, command: line, argv: all };
}

const adviceText = ({ text }: AdviceHint): Typed => ({ role: 'advice', text });

/**
 * A hint in the words of the run that prints it: its kubeconfig, user, profile and region are in
 * the command, and clusters are named by their contexts. A command with a value that is not known
 * is no command to type: it says what a person has to fill in.
 */
export function hintText(hint: Hint, run: RunFlags): Typed {
  switch (hint.kind) {
    case 'nlbmc':
      return nlbmcText(hint, run);
    case 'tool':
      return toolText(hint, run);
    case 'advice':
      return adviceText(hint);
  }
}

const isHint = (value: object): value is Hint =>
  'kind' in value &&
  ((value.kind === 'nlbmc' && 'options' in value) ||
    (value.kind === 'tool' && 'argv' in value) ||
    (value.kind === 'advice' && 'text' in value));

/** A document with each hint in it as `{ text, argv }`, for -o json and yaml. */
export function toldDocument(document: unknown, run: RunFlags): unknown {
  if (typeof document !== 'object' || document === null) return document;
  if (Array.isArray(document)) return document.map((item) => toldDocument(item, run));
  if (isHint(document)) {
    const { text, argv } = hintText(document, run);
    return { text, ...(argv === undefined ? {} : { argv }) };
  }
  return Object.fromEntries(
    Object.entries(document).map(([key, value]) => [key, toldDocument(value, run)]),
  );
}
