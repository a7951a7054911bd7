import { Command } from '@commander-js/extra-typings';
import { addChangeCommands } from './cli/change-commands.ts';
import { addDisableCommands } from './cli/disable-commands.ts';
import { examplesFor } from './cli/examples.ts';
import { addLeaveCommands } from './cli/leave-commands.ts';
import { addReadCommands } from './cli/read-commands.ts';
import { addRepairCommand } from './cli/repair-command.ts';
import { addTools } from './cli/tools.ts';
import type { Io } from './io.ts';

/**
 * The whole surface of the program. Nothing is loaded here but commander: every action imports its
 * command when it runs. `end` is told the exit code of the command that ran. The program never
 * exits or prints behind anybody's back: it throws CommanderError and writes to `io`.
 */
export function buildProgram(io: Io, version: string, end: (code: number) => void): Command {
  const name = io.programName ?? 'nlbmc';
  const program = new Command(name)
    .description('Enroll several EKS clusters behind one shared Network Load Balancer, safely.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      // Errors are told by main.ts, in the format that was asked for.
      writeErr: () => undefined,
      getOutHelpWidth: () => Math.min(io.stdout.columns ?? 100, 100),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp({ showGlobalOptions: false })
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .allowExcessArguments(false)
    .showSuggestionAfterError(true);

  const examples = examplesFor(name);
  program.addHelpText(
    'after',
    examples(
      '# Two clusters behind one NLB, with proof',
      'enable nginx --context pri-eks-clu1',
      'join nginx --context sec-eks-clu1 --primary pri-eks-clu1',
      'verify nginx --context pri-eks-clu1,sec-eks-clu1',
      '# The same in a practice world, with no AWS at hand',
      'sandbox',
    ),
  );

  addChangeCommands(program, io, end);
  addLeaveCommands(program, io, end);
  addDisableCommands(program, io, end);
  addRepairCommand(program, io, end);
  addReadCommands(program, io, end);
  addTools(program, version, io, end);
  return program;
}
