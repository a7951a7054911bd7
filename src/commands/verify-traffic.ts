import { advice } from '../core/model/hint.ts';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { commandText } from '../core/model/shell-words.ts';
import type { ConnectTo } from '../core/model/connect-to.ts';
import type { Observed } from '../core/observed/observed.ts';
import { type Problem, ProblemError, type Reading } from '../core/model/problem.ts';
import { unwatchedProblem } from '../core/traffic/traffic-checks.ts';
import { trafficPorts } from '../core/traffic/traffic-ports.ts';
import { trafficVerdict } from '../core/traffic/traffic-verdict.ts';
import { answeredOf } from '../core/plan/traffic-counts.ts';
import type {
  DuringCommand,
  Identify,
  LoggedPod,
  TrafficPort,
  TrafficVerdict,
  Connections,
} from '../core/plan/traffic.ts';
import { count } from '../core/model/words.ts';
import { readLoggedRequests } from '../engine/logged-requests.ts';
import type { World } from '../engine/world.ts';
import type { Io } from '../io.ts';
import type { TrafficOptions } from '../traffic/attempts.ts';
import { sandboxAddresses } from './sandbox-addresses.ts';
import { runCommand } from '../traffic/command.ts';
import { sendTraffic, streamTraffic, type TrafficMade } from '../traffic/run.ts';
import { usageError } from './usage-error.ts';

/** The options of `verify --traffic`. */
export interface VerifyTrafficOptions {
  /** Connections to each port. */
  readonly traffic: Connections;
  readonly identify?: Identify | undefined;
  readonly connectTo?: readonly ConnectTo[] | undefined;
  readonly serverName?: string | undefined;
  /** A file of PEM certificates. */
  readonly ca?: string | undefined;
  readonly plain?: true | undefined;
  readonly send?: string | undefined;
  readonly expect?: RegExp | undefined;
  /** Milliseconds. */
  readonly connectionTimeout: number;
  readonly maxFailures: number;
  readonly maxSkew?: number | undefined;
  /** Program and arguments to run meanwhile. */
  readonly during?: readonly string[] | undefined;
  readonly yes?: true | undefined;
}

/**
 * Connections where the person named no number: with 20 for each cluster, one that serves as the others do
 * is missed by chance in one of a million runs.
 */
const enoughFor = (clusters: number): number => Math.max(200, 20 * clusters);

/** More than this in one run needs --yes, and nothing makes it more than ten times as many. */
const politeConnections = 10_000;
const mostConnections = 100_000;

/**
 * Opens connections to every port of the load balancer, alone or while a command runs, and judges
 * what became of them. Where nothing can be connected to, neither happens. Raises `usage`,
 * `traffic-excessive`.
 */
export async function runTraffic(
  world: World,
  observed: Observed,
  options: VerifyTrafficOptions,
  io: Io,
): Promise<TrafficVerdict> {
  const { ports, problems, skips } = trafficPorts(observed);
  const during = options.during;
  const intent = {
    maxFailures: options.maxFailures,
    during: during !== undefined,
    redirected: options.connectTo !== undefined,
    ...(options.identify ? { identify: options.identify } : {}),
    ...(options.maxSkew === undefined ? {} : { maxSkew: options.maxSkew }),
  };
  if (ports.length === 0) {
    const made = { ports, attempts: [], startedAt: world.now() };
    return trafficVerdict(observed, intent, { ...made, problems: nothingTried(problems, during) });
  }
  const connections =
    options.traffic === 'enough' ? enoughFor(observed.clusters.length) : options.traffic;
  refuseExcess(ports, connections, options.yes);
  refuseOneAddressForMany(ports, options.connectTo ?? []);
  const how = await howOf(world, options, io);
  const made: TrafficMade & Partial<During> =
    during === undefined
      ? await sendTraffic(ports, connections, how)
      : await whileRunning(ports, during, { atLeast: connections, yes: options.yes }, how, io);
  const logs = await logsOf(world, observed, ports, made, how);
  return trafficVerdict(observed, intent, {
    ...made,
    ports,
    skips,
    problems: [...problems, ...(made.problems ?? [])],
    ...(logs ? { logs } : {}),
  });
}

function nothingTried(
  problems: readonly Problem[],
  during: readonly string[] | undefined,
): readonly Problem[] {
  const message = `Nothing could be connected to${during ? `, so ${commandText(during)} was not run` : ''}.`;
  return problems.length > 0 && !during
    ? problems
    : [...problems, { code: 'listener-missing', message }];
}

function refuseExcess(
  ports: readonly TrafficPort[],
  connections: number,
  yes: true | undefined,
): void {
  const all = connections * ports.length;
  if (all <= (yes ? mostConnections : politeConnections)) return;
  const each = ports.length > 1 ? ` (${connections} to each of ${ports.length} ports)` : '';
  throw new ProblemError(
    {
      code: 'traffic-excessive',
      message: `${count(all, 'connection')}${each} are more than ${yes ? mostConnections : politeConnections}, and other people use that load balancer, too.`,
      hints: [
        advice(
          yes
            ? 'Open fewer connections, such as --traffic=2000.'
            : 'Open fewer connections, such as --traffic=2000, or add --yes.',
        ),
      ],
    },
    5,
  );
}

/** ADDRESS:PORT names one listener: with several, all connections would go to the same address. */
function refuseOneAddressForMany(ports: readonly TrafficPort[], rules: readonly ConnectTo[]): void {
  const short = rules.find((rule) => rule.port === undefined && rule.toPort !== undefined);
  if (ports.length < 2 || !short) return;
  throw usageError(
    `The load balancer has ${ports.length} listeners, and --connect-to names one address for all of them.`,
    `Name an address for each: ${ports.map(({ port }) => `--connect-to :${port}:ADDRESS:PORT`).join(' ')}`,
  );
}

async function howOf(
  world: World,
  options: VerifyTrafficOptions,
  { env }: Io,
): Promise<TrafficOptions> {
  const plain = options.plain || options.send !== undefined || options.expect !== undefined;
  return {
    connectTo: [...(options.connectTo ?? []), ...(await sandboxAddresses(env))],
    timeoutMs: options.connectionTimeout,
    token: `nlbmc-${randomBytes(6).toString('hex')}`,
    now: world.now,
    sleep: world.sleep,
    ...(options.identify ? { identify: options.identify } : {}),
    ...(options.serverName === undefined ? {} : { serverName: options.serverName }),
    ...(options.ca === undefined ? {} : { ca: await authorities(options.ca) }),
    ...(world.signal ? { signal: world.signal } : {}),
    ...(plain
      ? {
          plain: {
            ...(options.send === undefined ? {} : { send: options.send }),
            ...(options.expect === undefined ? {} : { expect: options.expect }),
          },
        }
      : {}),
  };
}

async function authorities(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw usageError(
      `The file ${file} of --ca cannot be read: ${(error as Error).message}`,
      'Name a file of PEM certificates.',
    );
  }
}

type During = TrafficMade & {
  readonly command: DuringCommand;
  readonly problems: readonly Problem[];
};

async function whileRunning(
  ports: readonly TrafficPort[],
  words: readonly string[],
  { atLeast, yes }: { readonly atLeast: number; readonly yes: true | undefined },
  how: TrafficOptions,
  io: Io,
): Promise<During> {
  const signal = io.signal ? { signal: io.signal } : {};
  const atMost = yes ? mostConnections : politeConnections;
  const { done, unwatchedMs, ...made } = await streamTraffic(
    ports,
    { ...how, atLeast, atMost },
    () => runCommand(words, { env: io.env, ...signal }),
  );
  return {
    ...made,
    command: { words, exit: done },
    problems: io.signal?.aborted ? [] : unwatchedProblem(commandText(words), unwatchedMs, atMost),
  };
}

async function logsOf(
  world: World,
  observed: Observed,
  ports: readonly TrafficPort[],
  made: TrafficMade,
  { identify, token, signal }: TrafficOptions,
): Promise<Reading<readonly LoggedPod[]> | undefined> {
  if (identify?.kind !== 'logs' || signal?.aborted) return undefined;
  return readLoggedRequests(world, observed, {
    arns: [...new Set(ports.map(({ targetGroupArn }) => targetGroupArn))],
    token,
    startedAt: made.startedAt,
    wanted: answeredOf(made.attempts).length,
  });
}
