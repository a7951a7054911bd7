import type { Command, Option } from '@commander-js/extra-typings';
import { hasControls } from '../core/model/control-characters.ts';
import type { Io } from '../io.ts';
import { contextsIn } from './kubeconfig-contexts.ts';

/**
 * Prints, one a line, what may stand in the place of the last of `words`: commands, options, the
 * choices of an option, or contexts of the kubeconfig. Nothing is sent to any cluster, and nothing
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
  const command = visible.find((one) => one.name() === before[0]);
  if (!command) return before.length > 0 ? [] : [...visible.map((one) => one.name()), 'help'];
  const option = command.options.find((one) =>
    [one.long, one.short].includes(before.at(-1) ?? '-'),
  );
  if (option && !option.isBoolean()) return valuesOf(option, before, typed, io);
  if (typed.startsWith('-')) return flagsOf(command.options);
  return command.name() === 'completion' ? ['bash', 'zsh', 'fish'] : [];
}

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
