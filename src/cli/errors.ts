import { advice, type ToolHint } from '../core/model/hint.ts';
import type { CommanderError } from '@commander-js/extra-typings';
import type { Problem } from '../core/model/problem.ts';
import { ownWords } from './traffic-words.ts';

/**
 * What commander found wrong with the command line, as a Problem; undefined when nothing is wrong:
 * help or version was printed. `name` is how the person calls the program.
 */
export function usageProblem(
  error: CommanderError,
  argv: readonly string[],
  name: string,
): Problem | undefined {
  // Thrown by commander after it has printed help or version that was asked for.
  if (error.exitCode === 0) return undefined;
  const command = argv.find((word) => !word.startsWith('-'));
  const known = error.code !== 'commander.unknownCommand' && command !== undefined;
  const [program, ...words] = [...name.split(' '), ...(known ? [command] : []), '--help'];
  const see: ToolHint = { kind: 'tool', argv: [program, ...words] };
  // Help without a command asked for: commander calls it '(outputHelp)'.
  if (error.code === 'commander.help') {
    return { code: 'usage', message: 'No command was named.', hints: [see] };
  }
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const near = rest.join(' ').replace(/^\(|\)$/g, '');
  return {
    code: 'usage',
    message: sentence(first),
    hints: [see, ...(near ? [advice(near)] : [])],
  };
}

function sentence(text: string): string {
  const closed = /[.?!]$/.test(text) ? text : `${text}.`;
  return closed.charAt(0).toUpperCase() + closed.slice(1);
}

/** The format that the command line asks for, told before it has been understood. */
export function formatIn(argv: readonly string[]): 'json' | 'yaml' | 'table' {
  const text = ownWords(argv).join(' ');
  const found = /(?:^| )(?:-o[ =]?|--output[ =])(json|yaml)(?: |$)/.exec(text)?.[1];
  return found === 'json' || found === 'yaml' ? found : 'table';
}
