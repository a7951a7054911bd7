import { type Command, Option } from '@commander-js/extra-typings';
import { annotationOption, labelOption } from './metadata-values.ts';
import { loadBalancerOption, localServiceOption } from './options.ts';
import { parseCidrs, parsePortMaps, parsePorts } from './values.ts';

/** Options that say which ports of which Service go where: the same in `join`, `enroll` and `replace`. */
export function withPlace<
  A extends unknown[],
  O extends Record<string, unknown>,
  G extends Record<string, unknown>,
>(command: Command<A, O, G>) {
  return command
    .addOption(loadBalancerOption())
    .addOption(
      new Option(
        '--map-port <listener=port>',
        'the port of the Service for a listener of another number; repeatable',
      ).argParser(parsePortMaps),
    )
    .addOption(
      new Option(
        '--ports <ports>',
        'the ports of the Service to bind: 80, https or 53/UDP (default: all)',
      ).argParser(parsePorts),
    )
    .option(
      '--no-networking',
      'open no ports, because another tool manages the security groups of the nodes',
    )
    .addOption(
      new Option(
        '--from-cidr <range>',
        'addresses that clients connect from, where the NLB keeps their address; repeatable',
      ).argParser(parseCidrs),
    )
    .addOption(localServiceOption('joining cluster'))
    .option('--create-service', 'create the local Service if it is missing')
    .addOption(labelOption())
    .addOption(annotationOption());
}
