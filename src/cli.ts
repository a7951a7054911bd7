import { Command, Option } from '@commander-js/extra-typings';
import { examplesFor } from './cli/examples.ts';
import { withChange, withConnection, withStory } from './cli/options.ts';
import {
  parseCount,
  parseDuration,
  parseList,
  parseLocalService,
  parseServiceName,
} from './cli/values.ts';
import { addTools } from './cli/tools.ts';
import type { Io } from './io.ts';

const SERVICE = 'the Service: NAME, svc/NAME or service/NAME';

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

  withStory(
    withConnection(
      withChange(
        program
          .command('enable')
          .summary("let other clusters' targets into a Service's target groups")
          .description(
            "Let other clusters' targets into the target groups of a Service that already has an NLB: " +
              'switch its bindings to multi-cluster and deletion protection on, and wait for proof.',
          )
          .argument('<service>', SERVICE, parseServiceName)
          .addOption(
            new Option('--context <name>', "the primary's context (default: the current one)"),
          )
          .addOption(
            new Option('-o, --output <format>', 'format of the answer; manifest implies --dry-run')
              .choices(['table', 'json', 'yaml', 'manifest'] as const)
              .default('table' as const),
          ),
      ),
    ),
  )
    .addOption(
      new Option('--timeout <duration>', 'time to wait for the effect')
        .argParser(parseDuration)
        .default(180_000, '3m'),
    )
    .addOption(
      new Option('--settle-timeout <duration>', 'time for a rollout to end before the first write')
        .argParser(parseDuration)
        .default(60_000, '1m'),
    )
    .addOption(
      new Option(
        '--accept-leaking <n>',
        'go on although this number of own targets would leak',
      ).argParser(parseCount(1)),
    )
    .addHelpText(
      'after',
      examples(
        'enable nginx --context pri-eks-clu1',
        'enable svc/nginx -n shop --context pri-eks-clu1 --dry-run',
        'enable nginx --context pri-eks-clu1 -o manifest > nginx-enable.yaml',
      ),
    )
    .action(async (service, options) => {
      end(await (await import('./commands/enable.ts')).runEnable(service, options, io));
    });

  withStory(
    withConnection(
      withChange(
        program
          .command('join')
          .summary("enroll a cluster: register its endpoints behind the primary's NLB")
          .description(
            'Enroll a cluster into the Service of a primary that was enabled: bind each port of the ' +
              "local Service to the primary's target group, and wait until every endpoint is healthy.",
          )
          .argument('<service>', SERVICE, parseServiceName)
          .addOption(
            new Option('--context <name>', 'the cluster that joins (default: the current one)'),
          )
          .requiredOption(
            '--primary <context>',
            'context of the cluster whose Service made the NLB',
          )
          .addOption(
            new Option(
              '--local-service <name>',
              'the Service in the joining cluster: [NAMESPACE/]NAME (default: as in the primary)',
            ).argParser(parseLocalService),
          )
          .option('--create-service', 'create the local Service where it is missing')
          .option('--adopt', 'take over a binding that is there already')
          .option('--force-conflicts', 'take over fields that another field manager owns')
          .addOption(
            new Option('-o, --output <format>', 'format of the answer; manifest implies --dry-run')
              .choices(['table', 'json', 'yaml', 'manifest'] as const)
              .default('table' as const),
          ),
      ),
    ),
  )
    .addOption(
      new Option('--timeout <duration>', 'time to wait for the effect')
        .argParser(parseDuration)
        .default(600_000, '10m'),
    )
    .addHelpText(
      'after',
      examples(
        'join nginx --context sec-eks-clu1 --primary pri-eks-clu1',
        'join nginx --context sec-eks-clu1 --primary pri-eks-clu1 --local-service shop/web',
        'join nginx --context sec-eks-clu1 --primary pri-eks-clu1 -o manifest > binding.yaml',
      ),
    )
    .action(async (service, options) => {
      end(await (await import('./commands/join.ts')).runJoin(service, options, io));
    });

  withStory(
    withConnection(
      program
        .command('verify')
        .summary('prove that every endpoint of every cluster serves, and is tracked by its cluster')
        .description(
          'Compare, per cluster and port, what is eligible, tracked, registered and healthy, and say ' +
            'of every other target whose it is. Exit 0 only if all of it is proven.',
        )
        .argument('<service>', SERVICE, parseServiceName)
        .addOption(
          new Option(
            '--context <names>',
            'clusters of the enrollment, comma-separated or repeated (default: the current one)',
          ).argParser(parseList),
        )
        .addOption(
          new Option(
            '--local-service <name>',
            'the Service in the secondaries: [NAMESPACE/]NAME (default: as in the primary)',
          ).argParser(parseLocalService),
        )
        .addOption(
          new Option('--min-healthy <n>', 'healthy targets that each cluster must have')
            .argParser(parseCount(1))
            .default(1),
        )
        .addOption(
          new Option(
            '--known-target <target>',
            'ID[:PORT] of a target registered by hand on purpose; repeatable',
          ).argParser(parseList),
        )
        .option('--allow-unprotected', 'be content without deletion protection')
        .option('--wait', 'look again until the verdict is good or the time is up')
        .addOption(
          new Option('--timeout <duration>', 'with --wait: time to wait')
            .argParser(parseDuration)
            .default(600_000, '10m'),
        )
        .addOption(
          new Option('-o, --output <format>', 'format of the answer')
            .choices(['table', 'json', 'yaml'] as const)
            .default('table' as const),
        ),
    ),
  )
    .addHelpText(
      'after',
      examples(
        'verify nginx --context pri-eks-clu1,sec-eks-clu1',
        'verify nginx --context pri-eks-clu1,sec-eks-clu1 --wait --timeout 5m',
        'verify nginx --context pri-eks-clu1,sec-eks-clu1 -o json',
      ),
    )
    .action(async (service, options) => {
      end(await (await import('./commands/verify.ts')).runVerify(service, options, io));
    });

  withStory(
    withConnection(
      program
        .command('show')
        .summary('describe the enrollment: load balancer, target groups, members')
        .description('Describe the enrollment of a Service. As YAML it is an Enrollment document.')
        .argument('<service>', SERVICE, parseServiceName)
        .addOption(
          new Option(
            '--context <names>',
            'clusters of the enrollment, comma-separated or repeated (default: the current one)',
          ).argParser(parseList),
        )
        .addOption(
          new Option(
            '--local-service <name>',
            'the Service in the secondaries: [NAMESPACE/]NAME (default: as in the primary)',
          ).argParser(parseLocalService),
        )
        .addOption(
          new Option('-o, --output <format>', 'format of the answer; name prints the bindings')
            .choices(['table', 'json', 'yaml', 'name'] as const)
            .default('table' as const),
        ),
    ),
  )
    .addHelpText(
      'after',
      examples(
        'show nginx --context pri-eks-clu1',
        'show nginx --context pri-eks-clu1,sec-eks-clu1 -o yaml > nginx-enrollment.yaml',
      ),
    )
    .action(async (service, options) => {
      end(await (await import('./commands/show.ts')).runShow(service, options, io));
    });

  addTools(program, version, io, end);
  return program;
}
