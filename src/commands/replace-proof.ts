import type { Problem } from '../core/model/problem.ts';
import { count, listed } from '../core/model/words.ts';
import type { Connections, TrafficVerdict } from '../core/plan/traffic.ts';
import { observe } from '../engine/observe.ts';
import type { Wants } from '../engine/wants.ts';
import type { World } from '../engine/world.ts';
import type { Io } from '../io.ts';
import type { VerifyTrafficOptions } from './verify-traffic.ts';

/** How connections are opened before a cluster leaves; without `traffic`, none are. */
type ProofOptions = Omit<VerifyTrafficOptions, 'traffic'> & {
  readonly traffic?: Connections | undefined;
};

/** Opens the connections that have to be answered before a cluster leaves; undefined: none were required. */
export async function connect(
  world: World,
  wants: Wants,
  options: ProofOptions,
  io: Io,
): Promise<TrafficVerdict | undefined> {
  const { traffic: connections } = options;
  if (connections === undefined) return undefined;
  const { runTraffic } = await import('./verify-traffic.ts');
  const seen = await observe(world, { ...wants, traffic: true });
  return runTraffic(world, seen, { ...options, traffic: connections, yes: options.yes }, io);
}

/** Why connections prove nothing, where that is so. */
export function unanswered({ exit, problems: [first] }: TrafficVerdict): Problem | undefined {
  if (exit === 0) return undefined;
  return first ?? { code: 'replacement-unproven', message: 'The connections prove nothing.' };
}

/** How many connections were answered before the old clusters left. */
export function answeredText(proofs: readonly TrafficVerdict[], old: readonly string[]): string {
  const ports = proofs.flatMap((one) => one.ports);
  if (ports.length === 0) return '';
  const answered = ports.reduce((sum, port) => sum + port.answered, 0);
  const opened = ports.reduce((sum, port) => sum + port.opened, 0);
  return ` ${answered} of ${count(opened, 'connection')} were answered before ${listed(old)} left.`;
}
