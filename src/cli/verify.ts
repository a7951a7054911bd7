import { type Command, Option } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';
import {
  answerFormat,
  fromOption,
  knownTargetOption,
  localServiceOption,
  maxAgeOption,
  membersOption,
  SERVICE_FORMS,
  withConnection,
  withOutput,
  loadBalancerOption,
  targetGroupOption,
} from './options.ts';
import { withTraffic } from './traffic-options.ts';
import { parseCount, parseDuration, parseServiceName } from './values.ts';

/** Declares `verify`. */
export function addVerify(program: Command, io: Io, end: (code: number) => void): void {
  const examples = examplesFor(io);
  const verify = withTraffic(
    withConnection(
      program
        .command('verify')
        .summary('check that every endpoint of every cluster is registered, tracked and healthy')
        .description(
          'Compare, for each cluster and port, which endpoints are eligible, tracked, registered and ' +
            'healthy, and name the cluster of every other target. Exit 0 only if everything is proven.',
        )
        .argument('[service]', SERVICE_FORMS, parseServiceName)
        .addOption(loadBalancerOption())
        .addOption(targetGroupOption())
        .addOption(membersOption())
        .addOption(fromOption().conflicts(['loadBalancer', 'targetGroup']))
        .addOption(maxAgeOption())
        .addOption(localServiceOption('other clusters'))
        .addOption(
          new Option('--min-healthy <n>', 'healthy targets that each cluster must have')
            .argParser(parseCount(1))
            .default(1),
        )
        .addOption(knownTargetOption())
        .option('--allow-unprotected', 'do not require deletion protection')
        .addOption(
          new Option(
            '--accept <what>',
            'unread: accept that bindings cannot be listed in all namespaces',
          ).choices(['unread'] as const),
        )
        .option('--rollout', 'require that the Deployments behind the Service have been rolled out')
        .option('--wait', 'check again until the verdict is green or the time is up')
        .addOption(
          new Option('--timeout <duration>', 'with --wait: time to wait')
            .argParser(parseDuration)
            .default(600_000, '10m'),
        )
        .addOption(answerFormat()),
    ),
  );
  withOutput(verify)
    .addHelpText(
      'after',
      examples(
        'verify nginx --context pri-eks-clu1,sec-eks-clu1',
        'verify nginx --context pri-eks-clu1,sec-eks-clu1 --wait --timeout 5m',
        'verify nginx --context pri-eks-clu1,sec-eks-clu1 --rollout --wait',
        'verify nginx --context pri-eks-clu1,sec-eks-clu1 -o json',
        'verify nginx --context sec-eks-clu1 --from enrollment.yaml',
        'verify nginx --context pri-eks-clu1,sec-eks-clu1 --traffic --identify logs',
        'verify nginx --context pri-eks-clu1 --traffic --during kubectl rollout restart deployment/nginx',
      ),
    )
    .action(async (service, options) => {
      end(await (await import('../commands/verify.ts')).runVerify(service, options, io));
    });
}
