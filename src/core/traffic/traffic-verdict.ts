import { backendsOf } from '../observed/backends.ts';
import { expectedShares } from './expected-shares.ts';
import type { Observed } from '../observed/observed.ts';
import type { Problem, Reading } from '../model/problem.ts';
import {
  failOpenProblem,
  failureProblem,
  mayMissZones,
  noneProblems,
  type PortCase,
  skewProblems,
  unidentifiedProblems,
} from './traffic-checks.ts';
import {
  answeredOf,
  failuresOf,
  latencyOf,
  secondsOf,
  slowOf,
  totalOf,
} from '../plan/traffic-counts.ts';
import { sharesOf } from './traffic-shares.ts';
import type {
  Attempt,
  DuringCommand,
  LoggedPod,
  PortTraffic,
  TrafficIntent,
  TrafficPort,
  TrafficVerdict,
} from '../plan/traffic.ts';
import { listed } from '../model/words.ts';

/** Everything that a run of connections brought. */
export interface TrafficRun {
  readonly ports: readonly TrafficPort[];
  readonly attempts: readonly Attempt[];
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Read only where the pods' logs identify. */
  readonly logs?: Reading<readonly LoggedPod[]>;
  readonly command?: DuringCommand;
  /** Why not all of it was tried or seen. */
  readonly problems: readonly Problem[];
  /** What could not be tried at all; it is shown, and proves nothing. */
  readonly skips?: readonly Problem[];
}

function caseOf(
  observed: Observed,
  intent: TrafficIntent,
  run: TrafficRun,
  port: TrafficPort,
): PortCase {
  const attempts = run.attempts.filter(
    (attempt) => attempt.port === port.port && attempt.result.kind !== 'interrupted',
  );
  const answered = answeredOf(attempts);
  const backends = backendsOf(observed, port.targetGroupArn);
  const expectation = expectedShares(observed, port.targetGroupArn, backends);
  const logs = run.logs?.ok ? run.logs.value : [];
  const { identify } = intent;
  const readable = identify?.kind !== 'logs' || run.logs?.ok === true;
  const shares =
    identify && readable
      ? sharesOf(observed, port.targetGroupArn, backends, expectation, { answered, identify, logs })
      : undefined;
  return {
    observed,
    intent,
    port,
    attempts,
    backends,
    expectation,
    ...(shares ? { shares } : {}),
    traffic: {
      port: port.port,
      protocol: port.protocol,
      host: port.host,
      addresses: [...new Set(attempts.flatMap(({ address }) => address ?? []))],
      opened: attempts.length,
      answered: answered.length,
      failures: failuresOf(attempts),
      slow: slowOf(attempts),
      connectMs: latencyOf(attempts),
      clusters: shares?.clusters ?? null,
      unidentified: shares?.unidentified ?? {},
      seconds: secondsOf(attempts, run.startedAt),
    },
  };
}

/** What explains the numbers without being wrong by itself. */
function notesOf(one: PortCase): readonly string[] {
  const { expectation, shares, intent, traffic } = one;
  const { crossZone, emptyZones, failOpen, zones } = expectation;
  const strangers = Object.entries(shares?.unidentified ?? {});
  return [
    ...(intent.identify
      ? []
      : ['which cluster answered is not known: --identify header:NAME, body:REGEX or logs']),
    ...(crossZone === false && emptyZones.length > 0
      ? [
          failOpen
            ? `cross-zone is off and ${listed(emptyZones)} has no target. While no target is healthy, DNS returns that address, too`
            : `cross-zone is off and ${listed(emptyZones)} has no healthy target. DNS does not return its address, so it receives no traffic`,
        ]
      : []),
    ...(mayMissZones(one) && traffic.answered > 0
      ? [
          `${traffic.addresses.length} of ${zones.length} zone addresses were tried. The expected share counts all of them`,
        ]
      : []),
    ...(intent.identify && !expectation.shares && traffic.answered > 0
      ? ['the expected share is unknown, because cross-zone or the zone of a target was not read']
      : []),
    ...strangers.map(([said, n]) =>
      said === ''
        ? `${n} answered by an unidentified cluster`
        : `${n} answered by "${said}", which is none of the listed clusters`,
    ),
  ];
}

/**
 * The one verdict on connections. Red when more fail than allowed, when a cluster with healthy targets
 * gets none, when no target is healthy at all, and, where a limit is named, when shares are uneven.
 * Unknown when that cannot be decided. While a command changes the targets (`during`) shares are shown
 * and not judged. A port that was not connected to is never green.
 */
export function trafficVerdict(
  observed: Observed,
  intent: TrafficIntent,
  run: TrafficRun,
): TrafficVerdict {
  const cases = run.ports.map((port) => caseOf(observed, intent, run, port));
  const failed = cases.reduce((sum, { traffic }) => sum + totalOf(traffic.failures), 0);
  const unreadLogs: readonly Problem[] =
    run.logs && !run.logs.ok ? [{ ...run.logs.problem, unread: true }] : [];
  const problems: readonly Problem[] = [
    ...run.problems,
    ...cases.flatMap((one) => [
      ...failureProblem(one, failed > intent.maxFailures),
      ...failOpenProblem(one),
      ...(intent.during
        ? []
        : [...noneProblems(one), ...unidentifiedProblems(one), ...skewProblems(one)]),
    ]),
    ...unreadLogs,
  ];
  const unread = problems.some((problem) => problem.unread);
  return {
    state: unread ? 'unknown' : problems.length > 0 ? 'degraded' : 'ready',
    exit: unread ? 8 : problems.length > 0 ? 3 : 0,
    identifiedBy: intent.identify?.kind ?? null,
    ports: cases.map((one): PortTraffic => ({ ...one.traffic, notes: notesOf(one) })),
    problems,
    skips: run.skips ?? [],
    ...(run.command ? { command: run.command } : {}),
  };
}
