import { type Command, Option } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';
import { answerFormat, SERVICE_FORMS, withConnection, withStory } from './options.ts';
import { withTraffic } from './traffic-options.ts';
import {
  parseCount,
  parseDuration,
  parseList,
  parseLocalService,
  parseServiceName,
} from './values.ts';

/** Declares `verify`. */
export function addVerify(program: Command, io: Io, end: (code: number) => void): void {
  const examples = examplesFor(io.programName ?? 'nlbmc');
  const verify = withTraffic(
    withConnection(
      program
        .command('verify')
        .summary('prove that every endpoint of every cluster serves, and is tracked by its cluster')
        .description(
          'Compare, per cluster and port, what is eligible, tracked, registered and healthy, and say ' +
            'of every other target whose it is. Exit 0 only if all of it is proven.',
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
          new Option('--min-healthy <n>', 'healthy targets that each cluster must have')
            .argParser(parseCount(1))
            .default(1),
        )
        .addOption(
          new Option(
            '--known-target <target>',
            'ID[:PORT] of a target registered by hand on purpose; repeatable',
          ).argParser(parseList),
        )
        .option('--allow-unprotected', 'be content without deletion protection')
        .addOption(
          new Option(
            '--accept <what>',
            'unread: be content where bindings cannot be listed in all namespaces',
          ).choices(['unread'] as const),
        )
        .option('--wait', 'look again until the verdict is good or the time is up')
        .addOption(
          new Option('--timeout <duration>', 'with --wait: time to wait')
            .argParser(parseDuration)
            .default(600_000, '10m'),
        )
        .addOption(answerFormat()),
    ),
  );
  withStory(verify)
    .addHelpText(
      'after',
      examples(
        'verify nginx --context pri-eks-clu1,sec-eks-clu1',
        'verify nginx --context pri-eks-clu1,sec-eks-clu1 --wait --timeout 5m',
        'verify nginx --context pri-eks-clu1,sec-eks-clu1 -o json',
        'verify nginx --context pri-eks-clu1,sec-eks-clu1 --traffic --identify logs',
        'verify nginx --context pri-eks-clu1 --traffic --during kubectl rollout restart deployment/nginx',
      ),
    )
    .action(async (service, options) => {
      end(await (await import('../commands/verify.ts')).runVerify(service, options, io));
    });
}
