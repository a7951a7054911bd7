import { type Command, Option } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';
import { answerFormat, SERVICE_FORMS, withChange, withConnection, withStory } from './options.ts';
import { parseCount, parseDuration, parseList, parseServiceName } from './values.ts';

/** Declares `purge`. */
export function addPurge(program: Command, io: Io, end: (code: number) => void): void {
  const examples = examplesFor(io.programName ?? 'nlbmc');
  withStory(
    withConnection(
      withChange(
        program
          .command('purge')
          .summary('deregister the targets of clusters that are gone')
          .description(
            'Deregister the targets that no listed cluster tracks, and wait until they have drained. ' +
              'Name every cluster that is there: what is not of them is taken for left behind, unless ' +
              'it serves or EC2 knows another owner.',
          )
          .argument('<service>', SERVICE_FORMS, parseServiceName)
          .addOption(
            new Option(
              '--context <names>',
              'every cluster that is there, the primary first; repeatable',
            )
              .argParser(parseList)
              .makeOptionMandatory(),
          )
          .option('--departed <name>', 'a cluster that has gone, by its context in the document')
          .option('--from <file>', 'an earlier document of show -o yaml that has it (- for stdin)')
          .addOption(
            new Option(
              '--accept-removing <n>',
              'go on although exactly this number of targets serve or have another owner',
            ).argParser(parseCount(1)),
          )
          .addOption(answerFormat()),
      ),
    ),
  )
    .addOption(
      new Option(
        '--timeout <duration>',
        'time to wait for the drain (default: longest deregistration delay + 5m)',
      )
        .argParser(parseDuration)
        .default(undefined, 'longest deregistration delay + 5m'),
    )
    .addHelpText(
      'after',
      examples(
        'purge nginx --context pri-eks-clu1 --dry-run',
        'purge nginx --context pri-eks-clu1,new-eks-clu1',
        'purge nginx --context pri-eks-clu1 --departed sec-eks-clu1 --from enrollment.yaml',
      ),
    )
    .action(async (service, options) => {
      end(await (await import('../commands/purge.ts')).runPurge(service, options, io));
    });
}
