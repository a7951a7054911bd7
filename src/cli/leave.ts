import { type Command, Option } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';
import {
  answerFormat,
  loadBalancerOption,
  localServiceOption,
  SERVICE_FORMS,
  withChange,
  withConnection,
  withOutput,
} from './options.ts';
import {
  parseCount,
  parseDuration,
  parseList,
  parseServiceName,
  parseTargetGroups,
} from './values.ts';

/** Declares `leave`. */
export function addLeave(program: Command, io: Io, end: (code: number) => void): void {
  const examples = examplesFor(io);
  withOutput(
    withConnection(
      withChange(
        program
          .command('leave')
          .summary('withdraw a cluster: take its endpoints out of the shared target groups')
          .description(
            'Withdraw a cluster from the target groups that it joined. nlbmc deletes the bindings of ' +
              'the cluster and waits until its targets have drained. It refuses if too few healthy ' +
              'targets would stay. Name the target groups with --primary, --load-balancer, --from or --target-group; ' +
              'without them, nlbmc takes the target groups to which bindings of the local Service belong.',
          )
          .argument('<service>', SERVICE_FORMS, parseServiceName)
          .addOption(
            new Option(
              '--context <names>',
              'clusters that leave, comma-separated or repeated (default: the current context)',
            ).argParser(parseList),
          )
          .addOption(
            new Option(
              '--primary <context>',
              'context of another cluster that is enrolled: its bindings name the target groups',
            ).conflicts(['from', 'targetGroup']),
          )
          .addOption(
            new Option(
              '--from <file>',
              'an Enrollment document of show -o yaml; - is stdin',
            ).conflicts(['primary', 'targetGroup']),
          )
          .addOption(loadBalancerOption().conflicts(['primary', 'from', 'targetGroup']))
          .addOption(
            new Option('--target-group <arn>', 'a target group to leave; repeatable')
              .argParser(parseTargetGroups)
              .conflicts(['primary', 'from']),
          )
          .addOption(localServiceOption('leaving cluster'))
          .option(
            '--delete-service',
            'at the end, delete the local Service if join --create-service made it',
          )
          .option(
            '--without-controller',
            'the controller is gone: deregister its targets, drain, remove its finalizers',
          )
          .addOption(
            new Option('--min-healthy <n>', 'healthy targets that must stay on each port')
              .argParser(parseCount(1))
              .default(1),
          )
          .addOption(
            new Option(
              '--min-healthy-per-zone <n>',
              'healthy targets that must stay in each zone (default: 1 where cross-zone is off)',
            ).argParser(parseCount(1)),
          )
          .addOption(
            new Option(
              '--accept-removing <n>',
              'continue although the refusals name exactly this number of targets',
            ).argParser(parseCount(1)),
          )
          .addOption(answerFormat()),
      ),
    ),
  )
    .addOption(
      new Option(
        '--timeout <duration>',
        'time to wait for the effect (default: longest deregistration delay + 5m)',
      )
        .argParser(parseDuration)
        .default(undefined, 'longest deregistration delay + 5m'),
    )
    .addHelpText(
      'after',
      examples(
        'leave nginx --context sec-eks-clu1 --primary pri-eks-clu1',
        'leave nginx --context sec-eks-clu1,sec-eks-clu2 --primary pri-eks-clu1',
        'leave nginx --context sec-eks-clu1 --primary pri-eks-clu1 --delete-service',
        '# The controller is gone',
        'leave nginx --context sec-eks-clu1 --primary pri-eks-clu1 --without-controller',
      ),
    )
    .action(async (service, options) => {
      end(await (await import('../commands/leave.ts')).runLeave(service, options, io));
    });
}
