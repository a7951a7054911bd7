import type { Command } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';

/** Declares `version`. */
export function addVersion(
  program: Command,
  version: string,
  io: Io,
  end: (code: number) => void,
): void {
  const examples = examplesFor(io.programName ?? 'nlbmc');
  program
    .command('version')
    .summary('print the version')
    .description('Print the version of nlbmc and of the Node.js it runs on.')
    .addHelpText('after', examples('version'))
    .action(() => {
      io.stdout.write(`nlbmc ${version}\n`);
      end(0);
    });
}
