import { type Command, Option } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';
import { manifestFormat, SERVICE_FORMS, withChange, withConnection, withStory } from './options.ts';
import { parseCount, parseDuration, parseServiceName } from './values.ts';

/** Declares `enable`. */
export function addEnable(program: Command, io: Io, end: (code: number) => void): void {
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
}
