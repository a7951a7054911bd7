import { type Command, Option } from '@commander-js/extra-typings';
import { examplesFor } from './examples.ts';
import { parseFactor, parseList } from './values.ts';
import type { Io } from '../io.ts';

/** Declares the commands that touch no cluster: sandbox, completion, version. */
export function addTools(
  program: Command,
  version: string,
  io: Io,
  end: (code: number) => void,
): void {
  const examples = examplesFor(io.programName ?? 'nlbmc');
  program
    .command('sandbox')
    .summary('start a practice world: clusters, AWS and the controller on this machine')
    .description(
      'Start a practice world on the loopback interface: Kubernetes APIs, an AWS endpoint and an ' +
        'AWS Load Balancer Controller in each cluster. With a command: run it inside and stop.',
    )
    .argument('[command...]', 'a command to run inside, after --')
    .addOption(
      new Option('--clusters <names>', 'contexts of the clusters, the primary first')
        // Commander hands the default in as what came before: names typed replace it.
        .argParser((text) => parseList(text, undefined))
        .default(['pri-eks-clu1', 'sec-eks-clu1'], 'pri-eks-clu1,sec-eks-clu1'),
    )
    .addOption(
      new Option('--scenario <name>', 'what is there at the start')
        .choices([
          'walkthrough',
          'new-workload',
          'multi-port',
          'instance',
          'old-controller',
        ] as const)
        .default('walkthrough' as const),
    )
    .addOption(
      new Option('--speed <factor>', 'how much faster than real its time runs')
        .argParser(parseFactor)
        .default(1),
    )
    .option('--dir <folder>', 'where its files go: missing or empty (default: a temporary folder)')
    .addOption(
      new Option(
        '--fault <rule>',
        'trouble to make, WORLD:REQUEST:WHAT (docs/cli.md); repeatable',
      ).argParser((rule: string, rules: string[] | undefined) => [...(rules ?? []), rule]),
    )
    .addOption(
      new Option(
        '--stop-controller <names>',
        'clusters whose load balancer controller is not running',
      ).argParser(parseList),
    )
    .addHelpText(
      'after',
      examples(
        'sandbox',
        'sandbox --speed 20 -- nlbmc enable nginx --context pri-eks-clu1',
        'sandbox --clusters blue,green,red --scenario multi-port',
      ),
    )
    .action(async (command, options) => {
      end(await (await import('../commands/sandbox.ts')).runSandbox({ ...options, command }, io));
    });

  program
    .command('completion')
    .summary('print a completion script for a shell')
    .description('Print a script that makes a shell complete commands, options and contexts.')
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText(
      'after',
      examples('completion bash > ~/.local/share/bash-completion/completions/nlbmc'),
    )
    .action(async (shell) => {
      end((await import('../commands/completion.ts')).printCompletion(shell, io));
    });

  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (words) => {
      end(await (await import('../commands/complete.ts')).runComplete(program, words, io));
    });

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
