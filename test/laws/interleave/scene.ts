import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Io } from '../../../src/io.ts';
import { inside } from '../../../src/sandbox/environment.ts';
import type { KubeObject } from '../../../src/sandbox/kube/object.ts';
import { createAll } from '../../../src/sandbox/scenarios/apply.ts';
import { deployment, plainService } from '../../../src/sandbox/scenarios/objects.ts';
import type { ScenarioName } from '../../../src/sandbox/scenarios/scenarios.ts';
import { createWorld, type World } from '../../../src/sandbox/world.ts';
import { type Line, closeLine, openLine } from './line.ts';
import { serverOf } from './kube-wire.ts';
import type { Program } from './program.ts';
import { type Records, watchTargets } from './records.ts';
import { type Upset, watchBalancer } from './upsets.ts';

/** The clusters; the first one's Service made the load balancer. */
export const names = ['pri', 'sec', 'ter'] as const;
export type Name = (typeof names)[number];

/** Who owns the load balancer, how many ports it has, and what its targets are: by scenario of the sandbox. */
export const layouts = [
  'walkthrough',
  'multi-port',
  'instance',
  'no-owner',
] as const satisfies readonly ScenarioName[];
export type Layout = (typeof layouts)[number];

/** A world of three clusters with the app in each, and what a play needs to act in it. */
export interface Scene {
  readonly layout: Layout;
  readonly world: World;
  readonly records: Records;
  readonly upsets: readonly Upset[];
  /** The Service of the first cluster as its source has it, which a GitOps tool applies. */
  readonly source: KubeObject | undefined;
  /** How many of a cluster's next pods take an address that a dead pod of another cluster had. */
  readonly wishes: Map<Name, number>;
  /** The Enrollment document that a person keeps. */
  readonly kept: { text: string };
}

/** Builds the scene: nothing is enabled, all is at rest. */
export function setScene(layout: Layout = 'walkthrough'): Scene {
  const world = createWorld({ clusters: names, scenario: layout });
  if (layout === 'walkthrough') {
    for (const { kube } of world.secondaries) {
      createAll(kube, deployment(2), plainService('ClusterIP'));
    }
  }
  if (layout === 'no-owner') renameApp(world);
  world.clock.advance(120_000);
  const wishes = new Map<Name, number>();
  const records = watchTargets(world, wishes);
  const upsets = watchBalancer(world, records);
  const source = world.primary.kube.get('services', 'default', 'nginx');
  return { layout, world, wishes, records, upsets, source, kept: { text: '' } };
}

/** The app has the same name in each layout, so that acts and commands need not tell them apart. */
function renameApp({ clusters }: World): void {
  const person = { actor: 'person', manager: 'kubectl', internal: true };
  for (const { kube } of clusters.values()) {
    for (const resource of ['services', 'deployments.apps'])
      kube.delete(resource, 'default', 'web', person);
    createAll(kube, deployment(2), plainService('ClusterIP'));
  }
}

/** What a run left: its exit code, undefined for one that died, and what it printed. */
export interface Ended {
  readonly code: number | undefined;
  readonly text: string;
  /** What it printed on stdout. */
  readonly answer: string;
}

/** Runs nlbmc on a line, until it ends or dies. */
export async function runOn(
  program: Program,
  line: Line,
  words: readonly string[],
  input = '',
): Promise<Ended> {
  const { world } = line;
  let text = '';
  let answer = '';
  const token = openLine(line);
  const dir = mkdtempSync(join(tmpdir(), 'interleave-'));
  const kubeconfig = join(dir, 'kubeconfig');
  writeFileSync(kubeconfig, JSON.stringify(kubeconfigWith(token)));
  const output = { write: (more: string) => (text += more) };
  const io: Io = {
    stdout: {
      write: (more: string) => {
        answer += more;
        return output.write(more);
      },
    },
    stderr: output,
    stdin: {
      isTTY: false,
      question: () => Promise.reject(new Error('nobody is there')),
      readAll: () => Promise.resolve(input),
    },
    env: inside(
      { HOME: dir, TERM: 'dumb' },
      {
        KUBECONFIG: kubeconfig,
        AWS_REGION: world.aws.region,
        AWS_ACCESS_KEY_ID: token,
        AWS_SECRET_ACCESS_KEY: 'secret',
      },
    ),
    now: () => world.clock.date().getTime(),
    sleep: (ms) => line.sleep(ms),
  };
  try {
    const code = await Promise.race([program(words, io), line.death.then(() => undefined)]);
    return { code, text, answer };
  } finally {
    closeLine(token);
    rmSync(dir, { recursive: true });
  }
}

const kubeconfigWith = (token: string): object => ({
  'current-context': names[0],
  contexts: names.map((name) => ({ name, context: { cluster: name, user: 'run' } })),
  clusters: names.map((name) => ({ name, cluster: { server: serverOf(name) } })),
  users: [{ name: 'run', user: { token } }],
});
