import { type Command, Option } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';
import { manifestFormat, SERVICE_FORMS, withChange, withConnection, withStory } from './options.ts';
import { parseDuration, parseList, parseServiceName } from './values.ts';

/** Declares `disable`. */
export function addDisable(program: Command, io: Io, end: (code: number) => void): void {
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
}
