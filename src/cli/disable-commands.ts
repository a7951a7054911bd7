import { type Command, Option } from '@commander-js/extra-typings';
import { examplesFor } from './examples.ts';
import {
  answerFormat,
  manifestFormat,
  SERVICE_FORMS,
  withChange,
  withConnection,
  withStory,
} from './options.ts';
import { parseCount, parseDuration, parseList, parseServiceName } from './values.ts';
import type { Io } from '../io.ts';

/** Declares the commands that end an enrollment where nobody else is left: disable, purge. */
export function addDisableCommands(program: Command, io: Io, end: (code: number) => void): void {
  const examples = examplesFor(io.programName ?? 'nlbmc');

  withStory(
    withConnection(
      withChange(
        program
          .command('disable')
          .summary('take back what enable did, once no other cluster is there')
          .description(
            'Take back what enable did to the Service of the primary: deletion protection, the ' +
              'multi-cluster flag, or both where neither is named. Refused while another cluster is ' +
              'enrolled, or has a target registered.',
          )
          .argument('<service>', SERVICE_FORMS, parseServiceName)
          .addOption(
            new Option(
              '--context <names>',
              "the primary's context, and others to look into; repeatable (default: the current one)",
            ).argParser(parseList),
          )
          .option('--allow-deletion', 'lift deletion protection, and keep sharing')
          .option('--exclusive', 'turn the multi-cluster flag off, and keep deletion protection')
          .addOption(manifestFormat()),
      ),
    ),
  )
    .addOption(
      new Option('--timeout <duration>', 'time to wait for the effect')
        .argParser(parseDuration)
        .default(300_000, '5m'),
    )
    .addHelpText(
      'after',
      examples(
        'disable nginx --context pri-eks-clu1 --allow-deletion',
        'disable nginx --context pri-eks-clu1 --exclusive',
        'disable nginx --context pri-eks-clu1,sec-eks-clu1 --dry-run',
      ),
    )
    .action(async (service, options) => {
      end(await (await import('../commands/disable.ts')).runDisable(service, options, io));
    });

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
