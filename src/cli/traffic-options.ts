import { type Command, Option } from '@commander-js/extra-typings';
import {
  parseCommand,
  parseConnection,
  parseConnections,
  parseIdentify,
  parsePattern,
  parsePercent,
  parseText,
} from './traffic-values.ts';
import { ENOUGH } from './traffic-words.ts';
import { parseCount, parseDuration } from './values.ts';

/** Options about connections that prove that an enrollment serves. */
export function withConnections<
  A extends unknown[],
  O extends Record<string, unknown>,
  G extends Record<string, unknown>,
>(command: Command<A, O, G>) {
  return command
    .addOption(
      new Option(
        '--traffic [n]',
        'open N connections to each port and count which cluster answers (N defaults to 200, or 20 for each cluster if that is more)',
      )
        .argParser(parseConnections)
        .preset(ENOUGH),
    )
    .addOption(
      new Option(
        '--identify <how>',
        'how to find the cluster of an answer: header:NAME, body:REGEX or logs',
      ).argParser(parseIdentify),
    )
    .addOption(
      new Option(
        '--connect-to <address>',
        "connect to ADDRESS:PORT instead of the load balancer's name, or HOST:PORT:ADDRESS:PORT; repeatable",
      ).argParser(parseConnection),
    )
    .option('--server-name <name>', 'host name for the request and the certificate (TLS listeners)')
    .option('--ca <file>', 'certificate authorities to trust, in PEM (TLS listeners)')
    .option('--plain', 'plain TCP instead of HTTP: a connection is a success')
    .addOption(
      new Option('--send <text>', 'plain TCP: text to send; \\r \\n \\t \\xHH as in C').argParser(
        parseText,
      ),
    )
    .addOption(
      new Option('--expect <regex>', 'plain TCP: expression that the answer must match').argParser(
        parsePattern,
      ),
    )
    .addOption(
      new Option('--connection-timeout <duration>', 'time limit for one connection and its answer')
        .argParser(parseDuration)
        .default(5_000, '5s'),
    )
    .addOption(
      new Option('--max-failures <n>', 'connections that may fail')
        .argParser(parseCount(0))
        .default(0),
    );
}

/** Options of `verify` that are about connections through the load balancer. */
export function withTraffic<
  A extends unknown[],
  O extends Record<string, unknown>,
  G extends Record<string, unknown>,
>(command: Command<A, O, G>) {
  return withConnections(command)
    .addOption(
      new Option(
        '--max-skew <percent>',
        'percentage points by which a share may differ from the expected one (default: not judged)',
      ).argParser(parsePercent),
    )
    .addOption(
      new Option(
        '--during <command...>',
        'open connections while a command runs; everything after this option is the command',
      ).argParser(parseCommand),
    )
    .option('-y, --yes', 'allow more than 10,000 connections');
}
