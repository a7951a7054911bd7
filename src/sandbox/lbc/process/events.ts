import type { Clock } from '../../time/clock.ts';
import { timestamp } from '../../kube/object.ts';
import type { KubeObject } from '../../kube/object.ts';
import { StatusError } from '../../kube/status-error.ts';
import type { ControllerApi } from './controller-api.ts';

/**
 * Records events as client-go's recorder does (tools/record): a repeated event is counted up
 * instead of written again. An event that the server refuses is dropped, as upstream does. `source`
 * is the controller's name, `service` or `targetGroupBinding`.
 */
export class Events {
  readonly #api: ControllerApi;
  readonly #clock: Clock;
  readonly #written = new Map<string, { readonly name: string; count: number }>();
  #serial = 0;

  constructor(api: ControllerApi, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
  }

  /** The time as conditions and events carry it. */
  now(): string {
    return timestamp(this.#clock.date());
  }

  normal(source: string, about: KubeObject, reason: string, message: string): void {
    this.#record('Normal', source, about, reason, message);
  }

  warning(source: string, about: KubeObject, reason: string, message: string): void {
    this.#record('Warning', source, about, reason, message);
  }

  #record(type: string, source: string, about: KubeObject, reason: string, message: string): void {
    try {
      this.#write(type, source, about, reason, message);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }

  #write(type: string, source: string, about: KubeObject, reason: string, message: string): void {
    const namespace = about.metadata.namespace ?? 'default';
    const now = this.now();
    const key = [source, about.metadata.uid, type, reason, message].join('\n');
    const earlier = this.#written.get(key);
    if (earlier && this.#api.get('events', namespace, earlier.name)) {
      earlier.count++;
      const body = { count: earlier.count, lastTimestamp: now };
      this.#api.patch('events', namespace, earlier.name, body);
      return;
    }
    const name = this.#freshName(about.metadata.name);
    this.#written.set(key, { name, count: 1 });
    this.#api.create('events', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: {
        apiVersion: about.apiVersion,
        kind: about.kind,
        namespace,
        name: about.metadata.name,
        uid: about.metadata.uid,
        resourceVersion: about.metadata.resourceVersion,
      },
      reason,
      message,
      type,
      count: 1,
      firstTimestamp: now,
      lastTimestamp: now,
      source: { component: source },
      reportingComponent: source,
      reportingInstance: '',
    });
  }

  /** Upstream's name ends in nanoseconds; a serial number stands in for what a clock of ms lacks. */
  #freshName(name: string): string {
    const nanoseconds = BigInt(this.#clock.date().getTime()) * 1_000_000n + BigInt(++this.#serial);
    return `${name}.${nanoseconds.toString(16)}`;
  }
}
