import type { AwsOptions } from '../../src/aws/options.ts';
import type { Event } from '../../src/core/plan/event.ts';

// As the program's shim does: the SDK would say on stderr that Node 20 is old.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** Options for a test: no real waiting, and the events kept. */
export function awsOptions(more: Partial<AwsOptions> = {}): AwsOptions & { events: Event[] } {
  const events: Event[] = [];
  return {
    env: {},
    requestTimeoutMs: 60_000,
    sleep: () => Promise.resolve(),
    emit: (event) => events.push(event),
    events,
    ...more,
  };
}
