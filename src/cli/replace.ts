import { type Command, Option } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';
import { withPlace } from './join-options.ts';
import { answerFormat, SERVICE_FORMS, withChange, withConnection, withOutput } from './options.ts';
import { withConnections } from './traffic-options.ts';
import { parseCount, parseDuration, parseList, parseServiceName } from './values.ts';

/** Declares `replace`. */
export function addReplace(program: Command, io: Io, end: (code: number) => void): void {
  const examples = examplesFor(io);
  withOutput(
    withConnection(
      withChange(
        withConnections(
          withPlace(
            program
              .command('replace')
              .summary('let one cluster take the place of another')
              .description(
                'The new cluster joins. When each of its endpoints is healthy and verify calls it ' +
                  'ready, the old cluster leaves, and nlbmc waits until its targets have drained. ' +
                  'The old cluster is not touched before. If it owns the load balancer, it hands it ' +
                  'over first. Several clusters are replaced one after the other.',
              )
              .argument('<service>', SERVICE_FORMS, parseServiceName)
              .addOption(
                new Option('--old <names>', 'clusters that leave, comma-separated or repeated')
                  .argParser(parseList)
                  .makeOptionMandatory(),
              )
              .addOption(
                new Option('--new <names>', 'clusters that take their places, in the same order')
                  .argParser(parseList)
                  .makeOptionMandatory(),
              )
              .option(
                '--primary <context>',
                'an enrolled cluster that stays, such as the one whose Service made the NLB',
              )
              .addOption(
                new Option(
                  '--context <names>',
                  'other clusters of the enrollment, for the verdict at the end',
                ).argParser(parseList),
              ),
          )
            .option('--delete-service', 'delete the Service of the old cluster if nlbmc made it')
            .addOption(
              new Option('--min-healthy <n>', 'healthy targets that must stay on each port')
                .argParser(parseCount(1))
                .default(1),
            )
            .addOption(
              new Option(
                '--record <file>',
                'keep the enrollment as it was in this file (default: replaced-SERVICE.yaml)',
              ),
            )
            .option('--no-record', 'keep no file')
            .addOption(answerFormat()),
        ),
      ),
    ),
  )
    .addOption(
      new Option(
        '--timeout <duration>',
        'time for each wait (default: longest deregistration delay + 10m)',
      )
        .argParser(parseDuration)
        .default(undefined, 'longest deregistration delay + 10m'),
    )
    .addHelpText(
      'after',
      examples(
        'replace nginx --old sec-eks-clu1 --new sec-eks-clu2 --primary pri-eks-clu1',
        'replace nginx --old sec-eks-clu1 --new sec-eks-clu2 --primary pri-eks-clu1 --dry-run',
        'replace nginx --old sec-eks-clu1 --new sec-eks-clu2 --primary pri-eks-clu1 --traffic --identify logs',
        '# The owner of the load balancer',
        'replace nginx --old pri-eks-clu1 --new sec-eks-clu1 --dry-run',
        '# No cluster owns the load balancer',
        'replace web --old eks-clu1 --new eks-clu3 --context eks-clu2',
      ),
    )
    .action(async (service, options) => {
      const record = options.record ?? `replaced-${service}.yaml`;
      const { runReplace } = await import('../commands/replace.ts');
      end(await runReplace(service, { ...options, record }, io));
    });
}
