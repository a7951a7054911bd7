import { type Command, Option } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';
import { answerFormat, SERVICE_FORMS, withChange, withConnection, withStory } from './options.ts';
import { parseDuration, parseList, parseLocalService, parseServiceName } from './values.ts';

/** Declares `repair`. */
export function addRepair(program: Command, io: Io, end: (code: number) => void): void {
  const examples = examplesFor(io.programName ?? 'nlbmc');
  withStory(
    withConnection(
      withChange(
        program
          .command('repair')
          .summary('mend what verify finds, where no other cluster can be hit')
          .description(
            'Mend what verify finds and a controller can put right without touching the targets of ' +
              'another cluster: bindings that were deleted, endpoints that are not registered, targets ' +
              'whose endpoint is gone, records that outlived their binding. The rest is explained.',
          )
          .argument('<service>', SERVICE_FORMS, parseServiceName)
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
            new Option(
              '--known-target <target>',
              'a target that was registered by hand on purpose: ID or ID:PORT; repeatable',
            ).argParser(parseList),
          )
          .option('--allow-unprotected', 'deletion protection may be off')
          .addOption(answerFormat()),
      ),
    ),
  )
    .addOption(
      new Option(
        '--timeout <duration>',
        "time to wait for the effect: a controller's list of targets may have to expire first",
      )
        .argParser(parseDuration)
        .default(900_000, '15m'),
    )
    .addHelpText(
      'after',
      examples(
        'repair nginx --context pri-eks-clu1,sec-eks-clu1 --dry-run',
        'repair nginx --context pri-eks-clu1,sec-eks-clu1',
        'repair nginx --context pri-eks-clu1,sec-eks-clu1 --yes --timeout 20m',
      ),
    )
    .action(async (service, options) => {
      end(await (await import('../commands/repair.ts')).runRepair(service, options, io));
    });
}
