import type { Command } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';
import {
  answerFormat,
  effectTimeout,
  knownTargetOption,
  localServiceOption,
  membersOption,
  SERVICE_FORMS,
  withChange,
  withConnection,
  withOutput,
  loadBalancerOption,
  targetGroupOption,
} from './options.ts';
import { parseServiceName } from './values.ts';

/** Declares `repair`. */
export function addRepair(program: Command, io: Io, end: (code: number) => void): void {
  const examples = examplesFor(io);
  withOutput(
    withConnection(
      withChange(
        program
          .command('repair')
          .summary('repair what verify finds, without loss of targets of other clusters')
          .description(
            'Repair what verify finds, if a controller can do it without losing targets of another ' +
              'cluster: deleted bindings, endpoints that are not registered, targets without an ' +
              'endpoint, ConfigMaps without a binding. nlbmc explains what it does not repair.',
          )
          .argument('[service]', SERVICE_FORMS, parseServiceName)
          .addOption(loadBalancerOption())
          .addOption(targetGroupOption())
          .addOption(membersOption())
          .addOption(localServiceOption('other clusters'))
          .addOption(knownTargetOption())
          .option('--allow-unprotected', 'do not require deletion protection')
          .addOption(answerFormat()),
      ),
    ),
  )
    .addOption(
      effectTimeout(900_000, '15m', '; a controller caches its list of targets for five minutes'),
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
