import {
  type Attempt,
  type FailureKind,
  type Failures,
  failureKinds,
  type Latency,
  type SecondCount,
  slowMs,
} from './traffic.ts';

/** The value that `percent` of the values do not exceed (nearest rank); 0 of none. */
export function percentile(sorted: readonly number[], percent: number): number {
  const rank = Math.ceil((percent / 100) * sorted.length);
  return sorted[Math.max(0, rank - 1)] ?? 0;
}

/** Connect latency of those that connected; null when none did. */
export function latencyOf(attempts: readonly Attempt[]): Latency | null {
  const times = attempts.flatMap(({ connectMs }) => connectMs ?? []).toSorted((a, b) => a - b);
  if (times.length === 0) return null;
  return { p50: percentile(times, 50), p95: percentile(times, 95), p99: percentile(times, 99) };
}

/** Failures by kind, in the order of the kinds. */
export function failuresOf(attempts: readonly Attempt[]): Failures {
  const found = new Map<FailureKind, number>();
  for (const { result } of attempts)
    if (result.kind === 'failed') found.set(result.failure, (found.get(result.failure) ?? 0) + 1);
  return Object.fromEntries(
    failureKinds.flatMap((kind) => {
      const n = found.get(kind);
      return n === undefined ? [] : [[kind, n]];
    }),
  );
}

export const totalOf = (failures: Failures): number =>
  Object.values(failures).reduce((sum, n) => sum + n, 0);

export const answeredOf = (attempts: readonly Attempt[]): readonly Attempt[] =>
  attempts.filter(({ result }) => result.kind === 'answered');

export const slowOf = (attempts: readonly Attempt[]): number =>
  answeredOf(attempts).filter(({ totalMs }) => totalMs >= slowMs).length;

/** Seconds in which connections were opened, counted from `startedAt` (ms since 1970). */
export function secondsOf(attempts: readonly Attempt[], startedAt: number): readonly SecondCount[] {
  const bySecond = new Map<number, Attempt[]>();
  for (const attempt of attempts) {
    const second = Math.floor(attempt.startedMs / 1000);
    const others = bySecond.get(second);
    if (others) others.push(attempt);
    else bySecond.set(second, [attempt]);
  }
  return [...bySecond]
    .toSorted(([a], [b]) => a - b)
    .map(([second, own]) => ({
      second,
      at: new Date(startedAt + second * 1000).toISOString(),
      opened: own.length,
      answered: answeredOf(own).length,
      slow: slowOf(own),
      failures: failuresOf(own),
    }));
}
