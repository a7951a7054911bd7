import type { Command, CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { hasControls } from '../core/model/control-characters.ts';
import type { Io } from '../io.ts';
import { contextsIn } from './kubeconfig-contexts.ts';

/**
 * Prints, one a line, what may replace the last of `words`: commands, options, the
 * choices of an option, contexts of the kubeconfig, or Services: only for those a cluster is asked. Nothing
 * that goes wrong is told: the person is in the middle of a line.
 */
export async function runComplete(program: Command, words: readonly string[], io: Io): Promise<0> {
  const typed = words.at(-1) ?? '';
  const found = await candidates(program, words.slice(0, -1), typed, io).catch(() => []);
  for (const word of found)
    if (word.startsWith(typed) && !hasControls(word)) io.stdout.write(`${word}\n`);
  return 0;
}

async function candidates(
  program: Command,
  before: readonly string[],
  typed: string,
  io: Io,
): Promise<readonly string[]> {
  const visible = program.commands.filter((command) => !command.name().startsWith('_'));
  const first = visible.find((one) => one.name() === before[0]);
  if (!first) return before.length > 0 ? [] : [...visible.map((one) => one.name()), 'help'];
  const { command, words } = innermost(first, before.slice(1));
  const option = command.options.find((one) =>
    [one.long, one.short].includes(before.at(-1) ?? '-'),
  );
  if (option && !option.isBoolean()) return valuesOf(option, before, typed, io);
  if (typed.startsWith('-')) return flagsOf(command.options);
  if (command.name() === 'completion') return ['bash', 'zsh', 'fish'];
  if (words.length === 0 && command.commands.length > 0)
    return command.commands.map((one) => one.name());
  const takesCluster = command.registeredArguments[0]?.name() === 'cluster';
  if (takesCluster && words.length === 0) return contextsIn(undefined, io.env);
  const takesService = command.registeredArguments[0]?.name() === 'service';
  return takesService && !hasPositional(command, words)
    ? (await import('./complete-services.ts')).serviceNamesIn(before, io)
    : [];
}

/** The command below `command` that the words name, and the words behind it. */
function innermost(
  command: CommandUnknownOpts,
  words: readonly string[],
): { readonly command: CommandUnknownOpts; readonly words: readonly string[] } {
  const below = command.commands.find((one) => one.name() === words[0]);
  return below ? innermost(below, words.slice(1)) : { command, words };
}

/** Whether `words` has a word that is neither an option nor the value of one. */
const hasPositional = (command: CommandUnknownOpts, words: readonly string[]): boolean =>
  words.some((word, n) => {
    const before = command.options.find(({ long, short }) =>
      [long, short].includes(words[n - 1] ?? '-'),
    );
    return !word.startsWith('-') && (before === undefined || before.isBoolean());
  });

function flagsOf(options: readonly Option[]): string[] {
  return [...options.map((option) => option.long ?? option.short ?? ''), '--help'];
}

async function valuesOf(
  option: Option,
  before: readonly string[],
  typed: string,
  io: Io,
): Promise<readonly string[]> {
  if (option.argChoices) return option.argChoices;
  if (option.long !== '--context' && option.long !== '--primary') return [];
  const kubeconfig = before[before.indexOf('--kubeconfig') + 1];
  const contexts = await contextsIn(
    before.includes('--kubeconfig') ? kubeconfig : undefined,
    io.env,
  );
  // In a comma-separated list the earlier names stay, and are not offered again.
  const comma = typed.lastIndexOf(',') + 1;
  const taken = typed.slice(0, comma).split(',');
  return contexts
    .filter((name) => !taken.includes(name))
    .map((name) => typed.slice(0, comma) + name);
}
