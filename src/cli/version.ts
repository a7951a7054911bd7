import type { Command } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';
import { answerFormat } from './options.ts';

/** What the program is, and what it runs on, as `0.1.0` and `24.1.0`. */
export interface Versions {
  readonly nlbmc: string;
  readonly node: string;
}

/** Declares `version`. */
export function addVersion(
  program: Command,
  versions: Versions,
  io: Io,
  end: (code: number) => void,
): void {
  const examples = examplesFor(io);
  program
    .command('version')
    .summary('print the version')
    .description('Print the versions of nlbmc and Node.js.')
    .addOption(answerFormat())
    .addHelpText('after', examples('version', 'version -o json'))
    .action(async ({ output }) => {
      end(await (await import('../commands/version.ts')).printVersion(versions, output, io));
    });
}
