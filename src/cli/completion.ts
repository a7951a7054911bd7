import type { Command } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';

/** Declares `completion`. */
export function addCompletion(program: Command, io: Io, end: (code: number) => void): void {
  const examples = examplesFor(io);
  program
    .command('completion')
    .summary('print a completion script for a shell')
    .description('Print a completion script. It completes commands, options and contexts.')
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText(
      'after',
      examples('completion bash > ~/.local/share/bash-completion/completions/nlbmc'),
    )
    .action(async (shell) => {
      end((await import('../commands/completion.ts')).printCompletion(shell, io));
    });
}
