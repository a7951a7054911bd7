import { type Command, Option } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';
import {
  effectTimeout,
  localServiceOption,
  manifestFormat,
  SERVICE_FORMS,
  withChange,
  withConnection,
  withOutput,
} from './options.ts';
import { parseServiceName } from './values.ts';

/** Declares `join`. */
export function addJoin(program: Command, io: Io, end: (code: number) => void): void {
  const examples = examplesFor(io);
  withOutput(
    withConnection(
      withChange(
        program
          .command('join')
          .summary("enroll a cluster: register its endpoints in the primary's target groups")
          .description(
            'Enroll a cluster. The Service of the primary must be enabled. nlbmc binds each port of ' +
              "the local Service to the primary's target group and waits until every endpoint is " +
              'healthy.',
          )
          .argument('<service>', SERVICE_FORMS, parseServiceName)
          .addOption(
            new Option('--context <name>', 'the cluster that joins (default: the current context)'),
          )
          .requiredOption(
            '--primary <context>',
            'context of the cluster whose Service made the NLB',
          )
          .addOption(localServiceOption('joining cluster'))
          .option('--create-service', 'create the local Service if it is missing')
          .option('--adopt', 'take over an existing binding that differs or is exclusive')
          .option('--force-conflicts', 'take over fields that another field manager owns')
          .addOption(manifestFormat()),
      ),
    ),
  )
    .addOption(effectTimeout(600_000, '10m'))
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
