import type { FromFile } from '../core/model/intent.ts';
import { connectAws } from '../aws/connect.ts';
import type { World } from '../engine/world.ts';
import type { Io } from '../io.ts';
import { connectClusters } from '../kube/connect.ts';
import { contextsByCluster } from '../kube/context-of-cluster.ts';
import { type Live, live } from '../output/live.ts';
import { type Style, styleFor } from '../output/style.ts';
import { type ColorWhen, isOneTerminal } from '../output/terminal.ts';
import { atMost, requestsAtOnce } from '../wire/at-most.ts';

/** Options that every command that connects has. */
export interface SessionOptions {
  readonly namespace?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly as?: string | undefined;
  readonly asGroup?: readonly string[] | undefined;
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  readonly nativeEksToken: boolean;
  /** Milliseconds. */
  readonly requestTimeout: number;
  readonly color: ColorWhen;
  readonly quiet?: true | undefined;
  readonly verbose?: true | undefined;
  /** A document that stands in for clusters to which there is no connection. */
  readonly evidence?: FromFile | undefined;
}

/** Connections and voices of one run. */
export interface Session {
  readonly world: World;
  readonly live: Live;
  /** How text looks on stdout, and on stderr. */
  readonly out: Style;
  readonly err: Style;
}

/**
 * Runs `work` with connections to the clusters of these contexts, in that order (the current
 * context where none is named; one named twice counts once), and closes all of it afterwards.
 * Nothing is sent by this. Raises ProblemError for a kubeconfig or context that cannot be.
 */
export async function withSession<T>(
  contexts: readonly string[],
  options: SessionOptions,
  io: Io,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { kubeconfig } = options;
  const place = { env: io.env, ...(kubeconfig === undefined ? {} : { kubeconfig }) };
  const run = { ...options, programName: io.programName, contextOf: contextsByCluster(place) };
  const screen = isOneTerminal(io) ? { screen: { verbose: options.verbose === true } } : {};
  const [out, err] = (await Promise.all(
    [io.stdout, io.stderr].map(async (stream) => ({
      ...(await styleFor(stream, io.env, options.color, run)),
      ...screen,
    })),
  )) as [Style, Style];
  const progress = live(io, err, {
    color: options.color,
    quiet: options.quiet === true,
    verbose: options.verbose === true,
  });
  // What is still on its way when all is said (a guess, a second reader) ends with the session.
  const closing = new AbortController();
  const common = {
    env: io.env,
    requestTimeoutMs: options.requestTimeout,
    sleep: (ms: number, signal?: AbortSignal) => io.sleep(ms, signal),
    emit: progress.emit,
    // One for the clusters and AWS together.
    inTurn: atMost(requestsAtOnce, options.requestTimeout / 5),
    signal: io.signal ? AbortSignal.any([io.signal, closing.signal]) : closing.signal,
  };
  const aws = connectAws({
    ...common,
    ...(options.profile === undefined ? {} : { profile: options.profile }),
  });
  try {
    const kube = await connectClusters([...new Set(contexts)], {
      ...common,
      nativeEksToken: options.nativeEksToken,
      awsKeys: (wanted) => aws.keys(wanted),
      interactive: io.stdin.isTTY === true,
      ...(options.kubeconfig === undefined ? {} : { kubeconfig: options.kubeconfig }),
      ...(options.as === undefined ? {} : { as: options.as }),
      ...(options.asGroup === undefined ? {} : { asGroups: options.asGroup }),
    });
    const { emit, sleep } = common;
    const { signal } = io;
    const world = {
      kube,
      aws,
      emit,
      now: () => io.now(),
      ...(io.random && { random: () => io.random?.() ?? 0.5 }),
      sleep,
      ...(signal ? { signal } : {}),
    };
    try {
      return await work({ world, live: progress, out, err });
    } finally {
      for (const client of kube) client.close();
    }
  } finally {
    closing.abort();
    aws.close();
    progress.stop();
  }
}

/** The current context of the kubeconfig. Raises `context-unknown` where it has none. */
export async function currentContext(options: SessionOptions, io: Io): Promise<string> {
  return withSession([], options, io, ({ world }) => Promise.resolve(world.kube[0]?.context ?? ''));
}
