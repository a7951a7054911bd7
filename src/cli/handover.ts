import { type Command, Option } from '@commander-js/extra-typings';
import { stablePhases } from '../core/model/handover.ts';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';
import {
  answerFormat,
  effectTimeout,
  localServiceOption,
  SERVICE_FORMS,
  withChange,
  withConnection,
  withOutput,
} from './options.ts';
import { parseList, parseServiceName } from './values.ts';

/** Declares `handover`. */
export function addHandover(program: Command, io: Io, end: (code: number) => void): void {
  const examples = examplesFor(io);
  withOutput(
    withConnection(
      withChange(
        program
          .command('handover')
          .summary('let another cluster own the load balancer')
          .description(
            'The load balancer, its listeners and target groups belong to the Service of another ' +
              'cluster afterwards. The DNS name and the targets stay. nlbmc works in phases: ' +
              'release, retag, restart, adopt, finish. Each is read back before the next begins. ' +
              'The same command goes on where a run was cut off; --back returns.',
          )
          .argument('<service>', SERVICE_FORMS, parseServiceName)
          .requiredOption('--old <context>', 'the cluster that owns the load balancer')
          .requiredOption(
            '--new <context>',
            'the cluster that is to own it; with --new nobody, no cluster owns it any more',
          )
          .addOption(
            new Option(
              '--context <names>',
              'other clusters of the enrollment, comma-separated or repeated',
            ).argParser(parseList),
          )
          .addOption(localServiceOption('new owner'))
          .option(
            '--lost',
            'the old cluster is gone: --old is the name that its controller gave it',
          )
          .option('--back', 'return: the old cluster is to own the load balancer again')
          .addOption(new Option('--until <phase>', 'stop after this phase').choices(stablePhases))
          .option(
            '--restarted',
            'you restart the controllers yourself; nlbmc waits until they are new',
          )
          .addOption(answerFormat()),
      ),
    ),
  )
    .addOption(effectTimeout(600_000, '10m', ', for each phase'))
    .addHelpText(
      'after',
      examples(
        'handover nginx --old pri-eks-clu1 --new sec-eks-clu1 --dry-run',
        'handover nginx --old pri-eks-clu1 --new sec-eks-clu1',
        'handover nginx --old pri-eks-clu1 --new sec-eks-clu1 --back',
        '# The cluster that owned it is gone',
        'handover nginx --old pri-eks-clu1 --new sec-eks-clu1 --lost',
        '# No cluster is to own it any more',
        'handover nginx --old pri-eks-clu1 --new nobody',
      ),
    )
    .action(async (service, options) => {
      const { runHandover } = await import('../commands/handover.ts');
      end(await runHandover(service, options, io));
    });
}
