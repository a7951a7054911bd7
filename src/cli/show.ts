import { type Command, Option } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';
import {
  loadBalancerOption,
  localServiceOption,
  membersOption,
  SERVICE_FORMS,
  targetGroupOption,
  withConnection,
  withOutput,
} from './options.ts';
import { parseServiceName } from './values.ts';

/** Declares `show`. */
export function addShow(program: Command, io: Io, end: (code: number) => void): void {
  const examples = examplesFor(io);
  withOutput(
    withConnection(
      program
        .command('show')
        .summary('describe the enrollment: load balancer, target groups, members')
        .description(
          'Describe the enrollment of a Service. With -o yaml, print an Enrollment document.',
        )
        .argument('[service]', SERVICE_FORMS, parseServiceName)
        .addOption(loadBalancerOption())
        .addOption(targetGroupOption())
        .addOption(membersOption())
        .addOption(localServiceOption('other clusters'))
        .addOption(
          new Option('-o, --output <format>', 'format of the answer; name prints the bindings')
            .choices(['table', 'json', 'yaml', 'name'] as const)
            .default('table' as const),
        ),
    ),
  )
    .addHelpText(
      'after',
      examples(
        'show nginx --context pri-eks-clu1',
        'show nginx --context pri-eks-clu1,sec-eks-clu1 -o yaml > nginx-enrollment.yaml',
      ),
    )
    .action(async (service, options) => {
      end(await (await import('../commands/show.ts')).runShow(service, options, io));
    });
}
