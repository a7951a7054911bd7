import { Command } from '@commander-js/extra-typings';
import { addComplete } from './cli/complete.ts';
import { addCompletion } from './cli/completion.ts';
import { addDisable } from './cli/disable.ts';
import { addEnable } from './cli/enable.ts';
import { addEnroll } from './cli/enroll.ts';
import { addHandover } from './cli/handover.ts';
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
 * exits or prints by itself: it throws CommanderError and writes to `io`. Where `first`, the first
 * word of the command line, names a command, only that one is declared (none for `--version`): to
 * declare the others takes a third of the time that Node itself needs.
 */
export function buildProgram(
  io: Io,
  versions: Versions,
  end: (code: number) => void,
  first = '',
): Command {
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

  const declarations: Readonly<Record<string, () => void>> = {
    enroll: () => addEnroll(program, io, end),
    enable: () => addEnable(program, io, end),
    join: () => addJoin(program, io, end),
    leave: () => addLeave(program, io, end),
    replace: () => addReplace(program, io, end),
    handover: () => addHandover(program, io, end),
    disable: () => addDisable(program, io, end),
    purge: () => addPurge(program, io, end),
    repair: () => addRepair(program, io, end),
    verify: () => addVerify(program, io, end),
    show: () => addShow(program, io, end),
    list: () => addList(program, io, end),
    sandbox: () => addSandbox(program, io, end),
    completion: () => addCompletion(program, io, end),
    __complete: () => addComplete(program, io, end),
    version: () => addVersion(program, versions, io, end),
  };
  for (const name of needed(first, Object.keys(declarations))) declarations[name]?.();
  refuseEmptyValues(program);
  return program;
}

/** The commands to declare for a command line that begins with `first`. */
function needed(first: string, all: readonly string[]): readonly string[] {
  if (first === '--version' || first === '-V') return [];
  // The completion of a shell needs all of them.
  return all.includes(first) && first !== '__complete' ? [first] : all;
}
