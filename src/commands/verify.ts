import { hopelessAmong } from '../core/verify/hopeless.ts';
import { exitOfSignal } from '../core/plan/exit.ts';
import type { Report } from '../core/plan/report.ts';
import { type VerifyEnd, verifyEnd } from '../core/traffic/traffic-exit.ts';
import { echoesOf } from '../engine/echoes.ts';
import { judge } from '../engine/judge.ts';
import type { Io } from '../io.ts';
import { renderReport } from '../output/render.ts';
import { fromOf, recordedBy, recordedPlace } from './enrollment-file.ts';
import { knownTarget } from './known-target.ts';
import { stopWhereNobodyAnswers } from './credentials.ts';
import { placeOf } from './named-place.ts';
import type { LocalName } from './service-names.ts';
import { type SessionOptions, withSession } from './session.ts';
import type { Connections } from '../core/plan/traffic.ts';
import type { VerifyTrafficOptions } from './verify-traffic.ts';
import { usageError } from './usage-error.ts';

export interface VerifyOptions extends SessionOptions, Omit<VerifyTrafficOptions, 'traffic'> {
  /** Connections to open to each port; absent: none. */
  readonly traffic?: Connections | undefined;
  readonly context?: readonly string[] | undefined;
  readonly localService?: LocalName | undefined;
  readonly loadBalancer?: string | undefined;
  readonly targetGroup?: readonly string[] | undefined;
  /** A file with an Enrollment; `-` is stdin. */
  readonly from?: string | undefined;
  /** Milliseconds. */
  readonly maxAge?: number | undefined;
  readonly minHealthy: number;
  readonly knownTarget?: readonly string[] | undefined;
  readonly allowUnprotected?: true | undefined;
  readonly accept?: 'unread' | undefined;
  readonly rollout?: true | undefined;
  readonly wait?: true | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  readonly output: 'table' | 'json' | 'yaml';
}

/**
 * `nlbmc verify`: one verdict on the enrollment of a Service, with --traffic one on connections to
 * it, and the exit code that goes with both.
 */
export async function runVerify(
  name: string | undefined,
  options: VerifyOptions,
  io: Io,
): Promise<number> {
  const { traffic: connections } = options;
  if (connections === undefined) refuseWithoutTraffic(options);
  const knownTargets = (options.knownTarget ?? []).map(knownTarget);
  const recorded = await recordedBy(options, { name, io });
  const evidence = recorded && fromOf(recorded);
  return withSession(options.context ?? [], { ...options, evidence }, io, async (session) => {
    const { world, live, out } = session;
    const names = recorded
      ? recordedPlace(recorded, world, options)
      : await placeOf(name, world, options, 3);
    const rollout = options.rollout === true;
    const region = options.region === undefined ? {} : { region: options.region };
    const { observed, verdict } = await judge(
      world,
      {
        ...names,
        ...(recorded ? { recorded } : {}),
        evidence: 'doubtful',
        // A document says which Service owns the target groups.
        ...(recorded ? {} : { follow: true as const }),
        bound: true,
        traffic: connections !== undefined,
        rollout,
        ...region,
      },
      {
        service: names.service,
        minHealthy: options.minHealthy,
        knownTargets,
        allowUnprotected: options.allowUnprotected === true,
        acceptUnread: options.accept === 'unread',
        rollout,
        waited: options.wait === true,
      },
      options.wait ? options.timeout : undefined,
    );
    stopWhereNobodyAnswers(observed);
    const clusters = echoesOf(observed);
    // What a command of --during prints must not be drawn over.
    live.pause();
    const traffic =
      connections === undefined
        ? undefined
        : await (
            await import('./verify-traffic.ts')
          ).runTraffic(world, observed, { ...options, traffic: connections }, io);
    const end = endOf(verifyEnd(verdict, clusters.length, traffic), io);
    const waited = options.wait === true && verdict.exit !== 0;
    const hopeless = hopelessAmong(verdict.problems);
    const late = hopeless
      ? `Waiting does not help (${hopeless.code}).`
      : `It did not become green within ${Math.round(options.timeout / 1000)}s.`;
    const message = waited ? `${end.message} ${late}` : end.message;
    const report: Report = {
      apiVersion: 'nlbmc/v1',
      kind: 'Report',
      command: 'verify',
      at: observed.at,
      ...end,
      message,
      clusters,
      writes: [],
      problems: [...verdict.problems, ...(traffic?.problems ?? [])],
      cautions: verdict.cautions,
      skips: [...verdict.skips, ...(traffic?.skips ?? [])],
      progress: [],
      verdict,
      ...(traffic ? { traffic } : {}),
    };
    live.stop();
    io.stdout.write(await renderReport(report, options.output, out));
    return end.exit;
  });
}

/** Told to stop, a run of connections still says what it counted. */
const endOf = (end: VerifyEnd, { signal }: Io): VerifyEnd =>
  signal?.aborted ? { ...end, exit: exitOfSignal(signal), result: 'interrupted' } : end;

/** Options about connections that would have no effect, and be missed. */
function refuseWithoutTraffic(options: VerifyOptions): void {
  const idle = (
    ['identify', 'connectTo', 'serverName', 'ca', 'plain', 'send', 'expect', 'maxSkew'] as const
  ).find((name) => options[name] !== undefined);
  const name = options.during ? 'during' : idle;
  if (name === undefined) return;
  throw usageError(
    `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} works only with --traffic.`,
    'Add --traffic.',
  );
}
