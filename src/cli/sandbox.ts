import { type Command, Option } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';
import { addSandboxCtl } from './sandbox-ctl.ts';
import { parseFactor, parseList } from './values.ts';

/** Declares `sandbox`. */
export function addSandbox(program: Command, io: Io, end: (code: number) => void): void {
  const examples = examplesFor(io);
  const sandbox = program
    .command('sandbox')
    .usage('[options] [-- command...]')
    .summary('start a practice world on this machine: clusters, AWS, controllers')
    .description(
      'Start a practice world on the loopback interface: Kubernetes APIs, an AWS endpoint and an ' +
        'AWS Load Balancer Controller for each cluster. With a command, run the command in the ' +
        'practice world, then stop.',
    )
    .argument('[command...]', 'a command to run in the practice world, after --')
    .addOption(
      new Option(
        '--clusters <names>',
        'contexts of the clusters, the one that owns the load balancer first (default: those of the scenario)',
      ).argParser(parseList),
    )
    .addOption(
      new Option('--scenario <name>', 'state of the practice world at the start')
        .choices([
          'walkthrough',
          'new-workload',
          'multi-port',
          'instance',
          'old-controller',
          'no-owner',
          'auto-mode',
          'ingress',
          'dns',
          'ipv6',
          'two-vpcs',
          'gitops',
        ] as const)
        .default('walkthrough' as const),
    )
    .addOption(
      new Option('--speed <factor>', 'how many times faster than real time the clock runs')
        .argParser(parseFactor)
        .default(1),
    )
    .option(
      '--dir <folder>',
      'folder for its files; must be missing or empty (default: a temporary folder)',
    )
    .addOption(
      new Option(
        '--fault <rule>',
        'fault to inject, WORLD:REQUEST:WHAT (see docs/cli.md); repeatable',
      ).argParser((rule: string, rules: string[] | undefined) => [...(rules ?? []), rule]),
    )
    .addOption(
      new Option(
        '--user <name=file>',
        'user with only the rights in FILE (Roles and ClusterRoles); repeatable',
      ).argParser((user: string, users: string[] | undefined) => [...(users ?? []), user]),
    )
    .addOption(
      new Option(
        '--stop-controller <names>',
        'clusters whose load balancer controller does not run',
      ).argParser(parseList),
    )
    .addHelpText(
      'after',
      examples(
        'sandbox',
        'sandbox --speed 20 -- nlbmc enable nginx --context pri-eks-clu1',
        'sandbox --user app-team=rights.yaml',
        'sandbox --clusters blue,green,red --scenario multi-port',
      ),
    )
    .action(async (command, options) => {
      end(await (await import('../commands/sandbox.ts')).runSandbox({ ...options, command }, io));
    });
  addSandboxCtl(sandbox, io, end);
}
