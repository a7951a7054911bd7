import { type Command, Option } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';
import {
  effectTimeout,
  knownTargetOption,
  manifestFormat,
  SERVICE_FORMS,
  withChange,
  withConnection,
  withOutput,
} from './options.ts';
import { parseList, parseServiceName } from './values.ts';

/** Declares `disable`. */
export function addDisable(program: Command, io: Io, end: (code: number) => void): void {
  const examples = examplesFor(io);
  withOutput(
    withConnection(
      withChange(
        program
          .command('disable')
          .summary('stop sharing, when no other cluster is enrolled')
          .description(
            'Undo what enable did: turn off deletion protection (--allow-deletion), the ' +
              'multi-cluster flag (--exclusive), or, without these options, both. nlbmc refuses ' +
              'while another cluster is enrolled or has a registered target.',
          )
          .argument('<service>', SERVICE_FORMS, parseServiceName)
          .addOption(
            new Option(
              '--context <names>',
              'the cluster that stops sharing, then other clusters to search; repeatable (default: the current context)',
            ).argParser(parseList),
          )
          .option('--allow-deletion', 'turn off deletion protection only')
          .option('--exclusive', 'turn off the multi-cluster flag only')
          .addOption(knownTargetOption())
          .addOption(manifestFormat()),
      ),
    ),
  )
    .addOption(effectTimeout(300_000, '5m'))
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
