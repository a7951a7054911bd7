import { type Command, Option } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';
import {
  answerFormat,
  knownTargetOption,
  withChange,
  withConnection,
  withOutput,
  loadBalancerOption,
  SERVICE_FORMS,
  targetGroupOption,
} from './options.ts';
import { parseCount, parseDuration, parseList, parseServiceName } from './values.ts';

/** Declares `purge`. */
export function addPurge(program: Command, io: Io, end: (code: number) => void): void {
  const examples = examplesFor(io);
  withOutput(
    withConnection(
      withChange(
        program
          .command('purge')
          .summary('deregister the targets of clusters that no longer exist')
          .description(
            'Deregister the targets that no listed cluster tracks, and wait until they have drained. ' +
              'List every cluster that still exists. Targets that belong to none of them count as ' +
              'abandoned, unless they still serve or EC2 gives their address to another cluster.',
          )
          .argument('[service]', SERVICE_FORMS, parseServiceName)
          .addOption(loadBalancerOption())
          .addOption(targetGroupOption())
          .addOption(
            new Option(
              '--context <names>',
              'every cluster that still exists, an enrolled one first; repeatable',
            )
              .argParser(parseList)
              .makeOptionMandatory(),
          )
          .option(
            '--departed <name>',
            'a cluster that no longer exists, by its context in the document of --from',
          )
          .option(
            '--from <file>',
            'an Enrollment document of show -o yaml that lists that cluster; - is stdin',
          )
          .addOption(knownTargetOption())
          .addOption(
            new Option(
              '--accept-removing <n>',
              'continue although exactly this number of targets serve or belong to another cluster',
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
