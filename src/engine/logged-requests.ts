import { serviceOf } from '../core/model/kubernetes.ts';
import { endpointsOf, membersOf } from '../core/observed/backends.ts';
import type { ObjectName } from '../core/model/kubernetes.ts';
import type { Observed } from '../core/observed/observed.ts';
import { known, type Reading, valueOf } from '../core/model/problem.ts';
import type { LoggedPod } from '../core/plan/traffic.ts';
import { mapBounded } from '../kube/bounded.ts';
import { readSlices } from '../kube/endpoint-slices.ts';
import { readPodLogs } from '../kube/logs.ts';
import { clientOf, stopIfInterrupted, type World } from './world.ts';

/** A line may take a moment from the container to the API: pauses before each further look. */
const pausesMs = [500, 1_000, 2_000, 4_000];

/** Clocks that tick while requests are on their way. */
const marginSeconds = 5;

interface Where {
  readonly context: string;
  readonly pod: ObjectName;
}

/**
 * Which of a run's requests are in the logs of which pods, for every pod that the Service of a
 * listed cluster has or had when it was observed. A request is known by `token-NUMBER` in its path,
 * so that a line logged twice, or by a sidecar too, counts once. Looks again until `wanted` were
 * found or a few seconds are over. Unknown when a log may not be read. Raises Interrupted.
 */
export async function readLoggedRequests(
  world: World,
  observed: Observed,
  o: {
    readonly arns: readonly string[];
    readonly token: string;
    /** Milliseconds since 1970. */
    readonly startedAt: number;
    readonly wanted: number;
  },
): Promise<Reading<readonly LoggedPod[]>> {
  const where = await podsOf(world, observed, o.arns);
  for (let look = 0; ; look += 1) {
    stopIfInterrupted(world);
    const seconds = Math.ceil((world.now() - o.startedAt) / 1000) + marginSeconds;
    const readings = await mapBounded(where, (one) => readOne(world, one, o.token, seconds));
    stopIfInterrupted(world);
    const failed = readings.find((reading) => !reading.ok);
    if (failed && !failed.ok) return failed;
    const found = readings.flatMap((reading) => valueOf(reading) ?? []);
    const pause = pausesMs[look];
    const all = found.reduce((sum, { ids }) => sum + ids.length, 0);
    if (all >= o.wanted || pause === undefined) return known(found);
    await world.sleep(pause, world.signal);
  }
}

async function readOne(
  world: World,
  { context, pod }: Where,
  token: string,
  seconds: number,
): Promise<Reading<LoggedPod>> {
  const read = await readPodLogs(clientOf(world, context), pod, { seconds });
  if (!read.ok) return read;
  const ids = new Set<number>();
  for (const text of read.value ?? [])
    for (const match of text.matchAll(new RegExp(`${token}-(\\d+)`, 'g')))
      ids.add(Number(match[1]));
  return known({ cluster: context, pod: pod.name, ids: [...ids] });
}

/** Pods as observed before, and as they are now: a rollout meanwhile changes them. */
async function podsOf(
  world: World,
  observed: Observed,
  arns: readonly string[],
): Promise<readonly Where[]> {
  const members = arns.flatMap((arn) => membersOf(observed, arn));
  const found = new Map<string, Where>();
  await Promise.all(
    members.map(async (member) => {
      const service = serviceOf(member.binding);
      const { context } = member.cluster;
      const now = valueOf(await readSlices(clientOf(world, context), service)) ?? [];
      for (const { pod: name } of [...endpointsOf(member), ...now]) {
        if (name === undefined) continue;
        const pod = { namespace: service.namespace, name };
        found.set(`${context} ${pod.namespace}/${name}`, { context, pod });
      }
    }),
  );
  return [...found.values()];
}
