import type { Command } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';

/** Declares `__complete`, which the completion scripts call. */
export function addComplete(program: Command, io: Io, end: (code: number) => void): void {
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (words) => {
      end(await (await import('../commands/complete.ts')).runComplete(program, words, io));
    });
}
