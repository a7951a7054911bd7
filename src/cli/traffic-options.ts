import { type Command, Option } from '@commander-js/extra-typings';
import {
  parseCommand,
  parseConnection,
  parseIdentify,
  parsePattern,
  parsePercent,
  parseText,
} from './traffic-values.ts';
import { parseCount, parseDuration } from './values.ts';

/** Options of `verify` that are about connections through the load balancer. */
export function withTraffic<
  A extends unknown[],
  O extends Record<string, unknown>,
  G extends Record<string, unknown>,
>(command: Command<A, O, G>) {
  return command
    .addOption(
      new Option(
        '--traffic [n]',
        'open N connections to each port of the load balancer and count who answers (200)',
      )
        .argParser(parseCount(1))
        .preset('200'),
    )
    .addOption(
      new Option(
        '--identify <how>',
        'how an answer tells its cluster: header:NAME, body:REGEX or logs',
      ).argParser(parseIdentify),
    )
    .addOption(
      new Option(
        '--connect-to <address>',
        'connect to ADDRESS:PORT instead, or HOST:PORT:ADDRESS:PORT; repeatable',
      ).argParser(parseConnection),
    )
    .option('--server-name <name>', 'host to ask for, and of the certificate (TLS listeners)')
    .option('--ca <file>', 'authorities to trust, in PEM (TLS listeners)')
    .option('--plain', 'plain TCP, not HTTP: to connect is enough')
    .addOption(
      new Option('--send <text>', 'plain TCP: what to send; \\r \\n \\t \\xHH as in C').argParser(
        parseText,
      ),
    )
    .addOption(
      new Option('--expect <regex>', 'plain TCP: what has to come back').argParser(parsePattern),
    )
    .addOption(
      new Option('--connection-timeout <duration>', 'time for one connection and its answer')
        .argParser(parseDuration)
        .default(5_000, '5s'),
    )
    .addOption(
      new Option('--max-failures <n>', 'connections that may fail')
        .argParser(parseCount(0))
        .default(0),
    )
    .addOption(
      new Option(
        '--max-skew <percent>',
        'points that a share may differ from what is expected (default: only shown)',
      ).argParser(parsePercent),
    )
    .addOption(
      new Option(
        '--during <command...>',
        'keep connections going while a command runs: all that follows is the command',
      ).argParser(parseCommand),
    )
    .option('-y, --yes', 'open more than 10,000 connections');
}
