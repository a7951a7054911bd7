import { type Command, Option } from '@commander-js/extra-typings';
import { examplesFor } from './examples.ts';
import { manifestFormat, SERVICE_FORMS, withChange, withConnection, withStory } from './options.ts';
import { parseCount, parseDuration, parseLocalService, parseServiceName } from './values.ts';
import type { Io } from '../io.ts';

/** Declares the commands that change something. */
export function addChangeCommands(program: Command, io: Io, end: (code: number) => void): void {
  const examples = examplesFor(io.programName ?? 'nlbmc');

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
          .argument('<service>', SERVICE_FORMS, parseServiceName)
          .addOption(
            new Option('--context <name>', "the primary's context (default: the current one)"),
          )
          .addOption(manifestFormat()),
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
      end(await (await import('../commands/enable.ts')).runEnable(service, options, io));
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
          .argument('<service>', SERVICE_FORMS, parseServiceName)
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
          .addOption(manifestFormat()),
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
      end(await (await import('../commands/join.ts')).runJoin(service, options, io));
    });
}
