import { advice, type ToolHint } from '../core/model/hint.ts';
import type { Command, CommanderError, CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Problem } from '../core/model/problem.ts';
import { ownWords } from './traffic-words.ts';

/** Names of the commands that people type. */
export const commandNames = (program: Command): readonly string[] =>
  program.commands.map((command) => command.name());

/**
 * What commander found wrong with the command line, as a Problem; undefined when nothing is wrong:
 * help or version was printed.
 */
export function usageProblem(
  error: CommanderError,
  argv: readonly string[],
  program: Command,
): Problem | undefined {
  // Thrown by commander after it has printed the help or the version.
  if (error.exitCode === 0) return undefined;
  const name = program.name();
  const names = commandNames(program);
  const command =
    error.code === 'commander.unknownCommand'
      ? argv.slice(0, 1).find((word) => names.includes(word))
      : argv.find((word) => names.includes(word));
  const [nlbmc, ...before] = name.split(' ') as [string, ...string[]];
  const typed = (...words: readonly string[]): ToolHint => ({
    kind: 'tool',
    argv: [nlbmc, ...before, ...words],
  });
  const path = command === undefined ? [] : pathFrom(program, argv.slice(argv.indexOf(command)));
  const see = typed(...path, '--help');
  if (command !== undefined && argv[0] !== command && argv[0]?.startsWith('-')) {
    const rest = argv.toSpliced(argv.indexOf(command), 1);
    return {
      code: 'usage',
      message: 'The command comes first, and its options follow.',
      hints: [typed(command, ...rest)],
    };
  }
  // The command line is empty: commander calls it '(outputHelp)'.
  if (error.code === 'commander.help') {
    return { code: 'usage', message: 'No command was named.', hints: [see] };
  }
  // A value that was typed may have several lines, too: only commander's own suggestion stands on its own line.
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split(/\n(?=\(Did you mean)/);
  const near = rest.join(' ').replace(/^\(|\)$/g, '');
  return {
    code: 'usage',
    message: sentence(first),
    hints: [see, ...(near ? [advice(near)] : [])],
  };
}

/** The names of the commands at the start of a command line: `sandbox`, `ctl`, `pause`. */
function pathFrom(command: CommandUnknownOpts, words: readonly string[]): readonly string[] {
  const below = command.commands.find((one) => one.name() === words[0]);
  return below ? [below.name(), ...pathFrom(below, words.slice(1))] : [];
}

function sentence(text: string): string {
  const closed = /[.?!]$/.test(text) ? text : `${text}.`;
  return closed.charAt(0).toUpperCase() + closed.slice(1);
}

/** The format that the command line names, found before the command line is parsed. */
export function formatIn(argv: readonly string[]): 'json' | 'yaml' | 'table' {
  const text = ownWords(argv).join(' ');
  // Short options without a value may stand before it: -vojson.
  const found = /(?:^| )(?:-[qvy]*o[ =]?|--output[ =])(json|yaml)(?: |$)/.exec(text)?.[1];
  return found === 'json' || found === 'yaml' ? found : 'table';
}
