import { advice } from '../model/hint.ts';
import type { Backend } from '../observed/backends.ts';
import type { Expectation } from './expected-shares.ts';
import type { Observed } from '../observed/observed.ts';
import { type Problem, valueOf } from '../model/problem.ts';
import type { Shares } from './traffic-shares.ts';
import { totalOf } from '../plan/traffic-counts.ts';
import { failureHint, failuresText } from './traffic-words.ts';
import type { Attempt, PortTraffic, TrafficIntent, TrafficPort } from '../plan/traffic.ts';
import { count, listed } from '../model/words.ts';

/** What the checks of one port look at. */
export interface PortCase {
  readonly observed: Observed;
  readonly intent: TrafficIntent;
  readonly port: TrafficPort;
  readonly traffic: Omit<PortTraffic, 'notes'>;
  readonly attempts: readonly Attempt[];
  readonly backends: readonly Backend[];
  readonly expectation: Expectation;
  /** Undefined: clusters are not told apart. */
  readonly shares?: Shares;
}

/**
 * Connections that failed. `tooMany`: more did on all ports together than may; where none at all
 * was answered it counts whatever is allowed.
 */
export function failureProblem(one: PortCase, tooMany: boolean): readonly Problem[] {
  const { traffic, port, intent, attempts } = one;
  const failed = totalOf(traffic.failures);
  if (failed === 0 || (!tooMany && traffic.answered > 0)) return [];
  const hint = failureHint(traffic.failures, port, valueOf(one.observed.loadBalancer));
  const said = attempts.flatMap(({ result }) => (result.kind === 'failed' ? [result.detail] : []));
  return [
    {
      code: 'traffic-failed',
      message: `${failed} of ${count(traffic.opened, 'connection')} to port ${port.port} failed (${failuresText(traffic.failures)}). At most ${intent.maxFailures} may fail.`,
      details: [...[...new Set(said)].slice(0, 3), ...silentLines(one)],
      ...(hint === undefined ? {} : { hints: [advice(hint)] }),
    },
  ];
}

/** Healthy targets that answered nothing are where the failures come from. */
function silentLines({ shares }: PortCase): readonly string[] {
  if (!shares) return [];
  return shares.clusters.flatMap(({ cluster, targets, connections }) => {
    const silent = targets.filter((target) => target.connections === 0);
    return connections === 0 || silent.length === 0
      ? []
      : [`no answer from ${listed(silent.map(({ name }) => name))} of ${cluster}`];
  });
}

/** No target is healthy and connections flow: their answers say nothing of health. */
export const failOpenProblem = ({ expectation, port }: PortCase): readonly Problem[] =>
  expectation.failOpen
    ? [
        {
          code: 'traffic-fail-open',
          message: `No target of port ${port.port} is healthy, so the load balancer sends connections to all of them (fail-open). Answers prove nothing.`,
          hints: [advice('See above why they are not healthy.')],
        },
      ]
    : [];

/** Whether zones may have been left out: by DNS each zone's address is taken in turn. */
export const mayMissZones = ({ expectation, intent, traffic }: PortCase): boolean =>
  intent.redirected &&
  expectation.crossZone !== true &&
  expectation.zones.length > traffic.addresses.length;

/**
 * Whether the addresses connected to lead to a cluster at all: without cross-zone an address is
 * that of one zone, and through a tunnel it may be the only one.
 */
function isInReach(one: PortCase, cluster: string): boolean {
  const { backends, expectation } = one;
  const { zones } = expectation;
  if (!mayMissZones(one)) return true;
  const own = backends.filter((backend) => backend.cluster === cluster && backend.healthy);
  return zones.every((zone) => own.some((one) => one.zone === zone || one.zone === 'all'));
}

/** How likely it is at most that a run without trouble misses a cluster, for that to be no accident. */
const ACCIDENT = 0.01;

/**
 * Whether a cluster with this share may get none of the connections by accident: with 50 clusters, 200
 * connections miss one in every second run.
 */
const isAccident = (percent: number | null, answered: number, clusters: number): boolean =>
  percent !== null && percent > 0 && clusters * (1 - percent / 100) ** answered > ACCIDENT;

/** Clusters with healthy targets that answered nothing. */
export function noneProblems(one: PortCase): readonly Problem[] {
  const { shares, traffic, port } = one;
  if (!shares) return [];
  // Unidentified answers may be that cluster's (unidentifiedProblems says so);
  // where nothing was answered at all, the failures say it.
  if (Object.keys(shares.unidentified).length > 0 || traffic.answered === 0) return [];
  return shares.clusters
    .filter(({ healthy, connections }) => healthy > 0 && connections === 0)
    .flatMap(({ cluster, healthy, expectedPercent }): readonly Problem[] => {
      const missed = totalOf(traffic.failures) > 0;
      const text = `${cluster} has ${count(healthy, 'healthy target')} on port ${port.port} and answered none of ${count(traffic.opened, 'connection')}`;
      const about = { cluster, port: port.port };
      if (!missed && isAccident(expectedPercent, traffic.answered, shares.clusters.length)) {
        return [
          {
            code: 'traffic-missing',
            message: `${text}. With ${shares.clusters.length} clusters and so few connections, that happens by chance.`,
            hints: [advice('Open more connections, such as --traffic=2000.')],
            about,
            unread: true,
          },
        ];
      }
      if (isInReach(one, cluster) || missed)
        return [
          {
            code: 'traffic-missing',
            message: `${text}.`,
            hints: [
              advice(
                'Check the port of the health check, the answers of the pods, and the rules for clients.',
              ),
            ],
            about,
          },
        ];
      return [
        {
          code: 'traffic-missing',
          message: `${text}. Without cross-zone, the one address that was tried may lead to a zone where the cluster has no target.`,
          hints: [advice('Connect to the address of each zone in turn, or by the DNS name.')],
          about,
          unread: true,
        },
      ];
    });
}

/** Answers that tell no cluster, where something depends on them. */
export function unidentifiedProblems({ shares, intent, port, traffic }: PortCase): Problem[] {
  if (!shares || traffic.answered === 0) return [];
  const said = Object.entries(shares.unidentified);
  const n = said.reduce((sum, [, times]) => sum + times, 0);
  const silent = shares.clusters.some(({ healthy, connections }) => healthy > 0 && !connections);
  if (n === 0 || (!silent && intent.maxSkew === undefined)) return [];
  const values = said.map(([value]) => value).filter((value) => value !== '');
  const what =
    intent.identify?.kind === 'logs'
      ? 'are in the log of no pod of the listed clusters'
      : values.length > 0
        ? `name no listed cluster (${listed(values.slice(0, 5).map((value) => `"${value}"`))})`
        : 'do not name a cluster';
  return [
    {
      code: 'traffic-unidentified',
      message: `${n} of ${count(traffic.answered, 'answer')} on port ${port.port} ${what}.`,
      hints: [
        advice(
          intent.identify?.kind === 'logs'
            ? 'Check whether the app logs the path of a request; if not, identify by a header or by the body.'
            : 'Identify by something that names a context, cluster, pod, node or address, or list every cluster with --context.',
        ),
      ],
      unread: true,
    },
  ];
}

/** Clusters whose share differs from the expected share by more than the person allows. */
export function skewProblems({ shares, intent, port, traffic }: PortCase): readonly Problem[] {
  const { maxSkew } = intent;
  if (!shares || maxSkew === undefined || traffic.answered === 0) return [];
  return shares.clusters.flatMap(({ cluster, percent, expectedPercent }): readonly Problem[] => {
    if (expectedPercent === null) {
      return [
        {
          code: 'traffic-skewed',
          message: `The expected share of ${cluster} on port ${port.port} is unknown, because zones or the cross-zone attribute could not be read.`,
          about: { cluster, port: port.port },
          unread: true,
        },
      ];
    }
    const skew = Math.round(Math.abs(percent - expectedPercent) * 10) / 10;
    return skew <= maxSkew
      ? []
      : [
          {
            code: 'traffic-skewed',
            message: `${cluster} answered ${percent} % of port ${port.port}; ${expectedPercent} % are expected. The difference is ${skew} points, and at most ${maxSkew} are allowed.`,
            hints: [
              advice(
                'With few connections, shares differ by chance: with --traffic=2000 by about 2 points.',
              ),
            ],
            about: { cluster, port: port.port },
          },
        ];
  });
}

/** A command ran on for `unwatchedMs` after as many connections as may be opened. */
export const unwatchedProblem = (
  command: string,
  unwatchedMs: number,
  atMost: number,
): readonly Problem[] =>
  unwatchedMs > 0
    ? [
        {
          code: 'traffic-unwatched',
          message: `${command} ran for ${Math.ceil(unwatchedMs / 1000)} s more after ${atMost} connections. nlbmc opened no connection in that time.`,
          hints: [advice('With --yes, nlbmc opens more connections.')],
          unread: true,
        },
      ]
    : [];
