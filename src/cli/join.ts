import { type Command, Option } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';
import { withPlace } from './join-options.ts';
import {
  effectTimeout,
  fromOption,
  manifestFormat,
  maxAgeOption,
  outputDirOption,
  SERVICE_FORMS,
  withChange,
  withConnection,
  withOutput,
} from './options.ts';
import { parseList, parseNamedGroups, parseServiceName } from './values.ts';

/** Declares `join`. */
export function addJoin(program: Command, io: Io, end: (code: number) => void): void {
  const examples = examplesFor(io);
  withOutput(
    withConnection(
      withChange(
        withPlace(
          program
            .command('join')
            .summary('enroll a cluster: register its endpoints in shared target groups')
            .description(
              'Enroll a Service of a cluster. Name another cluster that is enrolled already with ' +
                '--primary: its bindings name the target groups. Or name a load balancer that no ' +
                'cluster owns with --load-balancer: its listeners name the target groups. nlbmc binds ' +
                'each port and waits until every endpoint is healthy.',
            )
            .argument('<service>', SERVICE_FORMS, parseServiceName)
            .addOption(
              new Option(
                '--context <names>',
                'clusters that join, comma-separated or repeated (default: the current context)',
              ).argParser(parseList),
            )
            .addOption(
              new Option(
                '--primary <context>',
                'context of a cluster that is enrolled already, such as the one whose Service made the NLB',
              ).conflicts('from'),
            )
            .addOption(fromOption().conflicts(['primary', 'targetGroup', 'loadBalancer']))
            .addOption(maxAgeOption())
            .addOption(
              new Option(
                '--target-group <[port=]arn>',
                'a target group, for that port of the Service; repeatable',
              ).argParser(parseNamedGroups),
            ),
        )
          .option('--adopt', 'take over an existing binding that differs or is exclusive')
          .option('--force-conflicts', 'take over fields that another field manager owns')
          .addOption(manifestFormat())
          .addOption(outputDirOption()),
      ),
    ),
  )
    .addOption(effectTimeout(600_000, '10m'))
    .addHelpText(
      'after',
      examples(
        'join nginx --context sec-eks-clu1 --primary pri-eks-clu1',
        'join nginx --context sec-eks-clu1 --primary pri-eks-clu1 --local-service shop/web',
        'join nginx --context sec-eks-clu1,sec-eks-clu2 --primary pri-eks-clu1',
        'join nginx --context sec-eks-clu1 --primary pri-eks-clu1 -o manifest > binding.yaml',
        '# By a document of show -o yaml',
        'join nginx --context sec-eks-clu1 --from enrollment.yaml',
        '# A load balancer that no cluster owns',
        'join nginx --context pri-eks-clu1 --load-balancer shared',
        'join nginx --context pri-eks-clu1 --load-balancer shared --map-port 443=https --ports https',
      ),
    )
    .action(async (service, options) => {
      end(await (await import('../commands/join.ts')).runJoin(service, options, io));
    });
}
