import type { Sandbox } from '../../src/sandbox/server.ts';
import { deployIn } from './clusters.ts';
import { runNlbmc, startPractice } from './harness.ts';
import { requestLevels } from './round-trips.ts';

const ALL = ['pri', 'a', 'b', 'c', 'd'];

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startPractice({ clusters: ALL });
  deployIn(sandbox, ALL.slice(1));
});
afterEach(() => sandbox.stop());

/** Holds for a command: round trips, one after the other, and requests in them. */
interface Cost {
  /** Until the first write of this verb has its answer; absent: until the end. */
  readonly until?: 'PATCH' | 'DELETE';
  readonly trips: number;
  readonly requests: number;
  /** What `--from -` reads. */
  readonly input?: string;
}

/** Runs a command to its end, and looks at what it cost. */
async function costs(line: string, { until, trips, requests, input = '' }: Cost): Promise<void> {
  const levels = await requestLevels(sandbox, () => runNlbmc(sandbox, line, { input }), until);
  const all = levels.reduce((sum, level) => sum + level, 0);
  expect({ line, trips: levels.length <= trips, requests: all <= requests, levels }).toEqual({
    line,
    trips: true,
    requests: true,
    levels,
  });
}

const leaves = { until: 'DELETE', trips: 6 } as const;

const document = async (): Promise<string> =>
  (await runNlbmc(sandbox, 'show nginx --context pri -o yaml')).stdout;

test('each command has few round trips before its first write, however many clusters it is for', async () => {
  const writes = { until: 'PATCH', trips: 5 } as const;
  await costs('enable nginx --context pri', { ...writes, trips: 4, requests: 18 });
  const input = await document();
  // Which load balancer it is, only AWS says of the target groups: one more.
  const from = 'join nginx --context b --from - --yes';
  await costs(from, { ...writes, trips: 6, requests: 26, input });
  await costs('leave nginx --context b --primary pri --yes', { ...leaves, requests: 48 });
  await costs('join nginx --context a --primary pri', { ...writes, requests: 35 });
  const replace = 'replace nginx --old a --new d --primary pri --no-record --yes';
  await costs(replace, { ...writes, trips: 6, requests: 47 });
  await costs('join nginx --context a,b,c --primary pri', { ...writes, requests: 59 });
  await costs('verify nginx --context pri,a,b,c,d', { trips: 3, requests: 52 });
  // What a document says is compared with AWS, and what is known of no cluster that is read is looked up.
  const later = await document();
  const recorded = 'verify nginx --context a,b,c,d --from -';
  await costs(recorded, { trips: 4, requests: 44, input: later });
  await costs('show nginx --context pri,a,b,c,d', { trips: 3, requests: 54 });
  await costs('list --context pri,a,b,c,d', { trips: 5, requests: 52 });
  await costs('purge nginx --context pri,a,b,c,d', { trips: 2, requests: 52 });
  await costs('repair nginx --context pri,a,b,c,d', { trips: 2, requests: 52 });
  await costs('leave nginx --context a,b,c --primary pri --yes', { ...leaves, requests: 84 });
  // Without a primary the one that leaves might own the load balancer; that it does not, its bindings tell.
  const back = 'replace nginx --old d --new a --context pri --no-record --yes';
  await costs(back, { ...writes, trips: 6, requests: 49 });
  // Its checks look at tags, groups and instances that no other command reads, and it rehearses its writes.
  const handover = 'handover nginx --old pri --new a --yes';
  await costs(handover, { ...writes, trips: 7, requests: 49 });
});

test.each([
  ['one cluster', 'a', 37],
  ['three clusters', 'a,b,c', 59],
])(
  'enroll of %s has six: five to share, and one to join when that holds',
  async (_name, context, requests) => {
    const line = `enroll nginx --primary pri --context ${context} --yes`;
    await costs(line, { until: 'PATCH', trips: 5, requests });
  },
);
