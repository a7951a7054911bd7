import { type Command, Option } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';
import { withConnection, withOutput } from './options.ts';
import { parseList } from './values.ts';

/** Declares `list`. */
export function addList(program: Command, io: Io, end: (code: number) => void): void {
  const examples = examplesFor(io);
  withOutput(
    withConnection(
      program
        .command('list')
        .summary('list the load balancers that have bindings in these clusters')
        .description(
          'List every load balancer whose target groups have bindings in a listed cluster: its owner, its ' +
            'ports, its members with their healthy targets, and the verdict of verify in a word.',
        )
        .addOption(
          new Option(
            '--context <names>',
            'clusters to look in, comma-separated or repeated (default: the current context)',
          ).argParser(parseList),
        )
        .option('-A, --all-namespaces', 'list bindings of all namespaces (the default without -n)')
        .addOption(
          new Option('-o, --output <format>', 'format of the list')
            .choices(['table', 'wide', 'json', 'yaml'] as const)
            .default('table' as const),
        ),
      {
        namespace: 'list only load balancers with a binding in this namespace',
        region: 'list only load balancers of this region',
      },
    ),
  )
    .addHelpText(
      'after',
      examples(
        'list --context pri-eks-clu1,sec-eks-clu1',
        'list --context pri-eks-clu1,sec-eks-clu1 -n default -o wide',
        'list --context pri-eks-clu1,sec-eks-clu1 -o json',
      ),
    )
    .action(async (options) => {
      end(await (await import('../commands/list.ts')).runList(options, io));
    });
}
