import type { Event } from '../../src/core/plan/event.ts';
import type { KubeOptions } from '../../src/kube/options.ts';

/** Options for a test: no real waiting, and the events kept. */
export function kubeOptions(more: Partial<KubeOptions> = {}): KubeOptions & { events: Event[] } {
  const events: Event[] = [];
  return {
    env: {},
    requestTimeoutMs: 60_000,
    sleep: () => Promise.resolve(),
    emit: (event) => events.push(event),
    nativeEksToken: true,
    events,
    ...more,
  };
}
