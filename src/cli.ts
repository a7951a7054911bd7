import { Command } from '@commander-js/extra-typings';
import { addComplete } from './cli/complete.ts';
import { addCompletion } from './cli/completion.ts';
import { addDisable } from './cli/disable.ts';
import { addEnable } from './cli/enable.ts';
import { addEnroll } from './cli/enroll.ts';
import { addJoin } from './cli/join.ts';
import { addLeave } from './cli/leave.ts';
import { addList } from './cli/list.ts';
import { addPurge } from './cli/purge.ts';
import { addReplace } from './cli/replace.ts';
import { addRepair } from './cli/repair.ts';
import { addSandbox } from './cli/sandbox.ts';
import { addShow } from './cli/show.ts';
import { addVerify } from './cli/verify.ts';
import { addVersion, type Versions } from './cli/version.ts';
import { examplesFor } from './cli/examples.ts';
import { helpLayout, helpWidth } from './cli/help-layout.ts';
import { refuseEmptyValues } from './cli/option-values.ts';
import type { Io } from './io.ts';

/**
 * The whole surface of the program. Nothing is loaded here but commander: every action imports its
 * command when it runs. `end` is told the exit code of the command that ran. The program never
 * exits or prints by itself: it throws CommanderError and writes to `io`.
 */
export function buildProgram(io: Io, versions: Versions, end: (code: number) => void): Command {
  const name = io.programName ?? 'nlbmc';
  const program = new Command(name)
    .description('Share one Network Load Balancer safely between several EKS clusters.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      // main.ts prints errors, in the format that the command line names.
      writeErr: () => undefined,
      getOutHelpWidth: () => helpWidth(io),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp(helpLayout(io))
    .version(versions.nlbmc, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .allowExcessArguments(false)
    .showSuggestionAfterError(true);

  const examples = examplesFor(io);
  program.addHelpText(
    'after',
    examples(
      '# Two clusters behind one NLB',
      'enable nginx --context pri-eks-clu1',
      'join nginx --context sec-eks-clu1 --primary pri-eks-clu1',
      'verify nginx --context pri-eks-clu1,sec-eks-clu1',
      '# The same without AWS',
      'sandbox',
    ),
  );

  addEnroll(program, io, end);
  addEnable(program, io, end);
  addJoin(program, io, end);
  addLeave(program, io, end);
  addReplace(program, io, end);
  addDisable(program, io, end);
  addPurge(program, io, end);
  addRepair(program, io, end);
  addVerify(program, io, end);
  addShow(program, io, end);
  addList(program, io, end);
  addSandbox(program, io, end);
  addCompletion(program, io, end);
  addComplete(program, io, end);
  addVersion(program, versions, io, end);
  refuseEmptyValues(program);
  return program;
}
