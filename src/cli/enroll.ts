import { type Command, Option } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';
import { withPlace } from './join-options.ts';
import {
  effectTimeout,
  manifestFormat,
  outputDirOption,
  SERVICE_FORMS,
  settleTimeoutOption,
  withChange,
  withConnection,
  withOutput,
} from './options.ts';
import { parseList, parseServiceName } from './values.ts';

/** Declares `enroll`. */
export function addEnroll(program: Command, io: Io, end: (code: number) => void): void {
  const examples = examplesFor(io);
  withOutput(
    withConnection(
      withChange(
        withPlace(
          program
            .command('enroll')
            .summary('enable, join and verify in one run')
            .description(
              'Put a Service of several clusters behind one NLB: the primary shares its target ' +
                'groups, the clusters join side by side, and the result is verified. There is one ' +
                'plan and one question. What is done already is left as it is.',
            )
            .argument('<service>', SERVICE_FORMS, parseServiceName)
            .addOption(
              new Option('--context <names>', 'clusters that join, comma-separated or repeated')
                .argParser(parseList)
                .makeOptionMandatory(),
            )
            .option('--primary <context>', 'context of the cluster whose Service made the NLB'),
        )
          .addOption(manifestFormat())
          .addOption(outputDirOption()),
      ),
    ),
  )
    .addOption(effectTimeout(600_000, '10m'))
    .addOption(settleTimeoutOption())
    .addHelpText(
      'after',
      examples(
        'enroll nginx --primary pri-eks-clu1 --context sec-eks-clu1',
        'enroll nginx --primary pri-eks-clu1 --context sec-eks-clu1,sec-eks-clu2 --create-service',
        'enroll nginx --primary pri-eks-clu1 --context sec-eks-clu1 --dry-run',
        'enroll nginx --primary pri-eks-clu1 --context sec-eks-clu1 -o manifest --output-dir clusters',
        '# A load balancer that no cluster owns',
        'enroll web --load-balancer shared --context eks-clu1,eks-clu2,eks-clu3',
      ),
    )
    .action(async (service, options) => {
      end(await (await import('../commands/enroll.ts')).runEnroll(service, options, io));
    });
}
