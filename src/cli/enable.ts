import { type Command, Option } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';
import {
  effectTimeout,
  manifestFormat,
  SERVICE_FORMS,
  settleTimeoutOption,
  withChange,
  withConnection,
  withOutput,
} from './options.ts';
import { parseCount, parseServiceName } from './values.ts';

/** Declares `enable`. */
export function addEnable(program: Command, io: Io, end: (code: number) => void): void {
  const examples = examplesFor(io);
  withOutput(
    withConnection(
      withChange(
        program
          .command('enable')
          .summary('allow other clusters to share the load balancer of a Service')
          .description(
            'Allow other clusters to share the target groups of a Service that already has an NLB. ' +
              'nlbmc makes its bindings multi-cluster, turns on deletion protection, and waits ' +
              'until both have taken effect. Where no cluster owns the NLB, nlbmc sets the flag on ' +
              'the bindings of the Service, in place.',
          )
          .argument('<service>', SERVICE_FORMS, parseServiceName)
          .addOption(
            new Option(
              '--context <name>',
              'the cluster whose bindings become multi-cluster (default: the current context)',
            ),
          )
          .option(
            '--force-conflicts',
            'take over the flag of a binding that another field manager owns',
          )
          .addOption(manifestFormat()),
      ),
    ),
  )
    .addOption(effectTimeout(180_000, '3m'))
    .addOption(settleTimeoutOption())
    .addOption(
      new Option(
        '--accept-leaking <n>',
        'continue although exactly this number of own targets would stay registered forever',
      ).argParser(parseCount(1)),
    )
    .addHelpText(
      'after',
      examples(
        'enable nginx --context pri-eks-clu1',
        'enable svc/nginx -n shop --context pri-eks-clu1 --dry-run',
        'enable nginx --context pri-eks-clu1 -o manifest > nginx-enable.yaml',
      ),
    )
    .action(async (service, options) => {
      end(await (await import('../commands/enable.ts')).runEnable(service, options, io));
    });
}
