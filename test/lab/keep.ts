import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportLines } from '../../src/sandbox/environment.ts';
import { openRealStage } from './real-stage.ts';
import { openRealWorld } from './real-world.ts';
import type { Scenario } from './stage.ts';
import { sleep } from './waiting.ts';

/** How long a world stands that nobody ends. */
const STANDS_MS = 2 * 60 * 60_000;
/** How long to start one, and to play the longest scenario, may take. */
const SLOWEST_MS = 30 * 60_000;
export const LONGEST_KEPT_MS = SLOWEST_MS + STANDS_MS;
const CHECK_MS = 1_000;

type WorldOptions = Pick<
  Parameters<typeof openRealWorld>[0],
  'processes' | 'binaries' | 'folder' | 'etcd'
>;

/**
 * Starts a world of three clusters, or that of a scenario, plays the scenario there, and lets the world
 * stand until `told` or for two hours: people rehearse in it with kubectl, aws and nlbmc. A scenario
 * that fails leaves its world too.
 */
export async function keepWorld(
  options: WorldOptions,
  scenario: Scenario | undefined,
  o: { readonly say: (line: string) => void; readonly told: () => Promise<unknown> },
): Promise<void> {
  const { say } = o;
  const world = await openRealWorld({
    ...options,
    name: scenario?.name ?? 'kept',
    clusters: scenario?.clusters ?? 3,
    sharedNodeGroup: scenario?.sharedNodeGroup ?? false,
    gateways: scenario?.gateways ?? false,
    ipFamily: scenario?.ipFamily,
    elections: scenario?.elections ?? false,
  });
  if (scenario) {
    try {
      await scenario.play(await openRealStage(world, scenario));
      say(`played ${scenario.name}, in the namespace of that name`);
    } catch (error) {
      say(`FAILED ${scenario.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const variables = writeVariables(options.folder, world.env);
  const contexts = world.clusters.map(({ cluster }) => cluster.context);
  for (const line of howToUse(variables, contexts, new Date(Date.now() + STANDS_MS))) say(line);

  await stand(o.told(), STANDS_MS, () => {
    for (const { controller, cluster } of world.clusters) {
      controller.check();
      cluster.kubelet.check();
    }
  });
  await world.close();
}

/** Resolves when `told` does or after `longestMs`; throws what `check` throws, which it is asked every second. */
export async function stand(
  told: Promise<unknown>,
  longestMs: number,
  check: () => void,
): Promise<void> {
  const over = told.then(() => true);
  for (const end = Date.now() + longestMs; Date.now() < end;) {
    check();
    const pause = sleep(Math.min(CHECK_MS, longestMs)).then(() => false);
    if (await Promise.race([over, pause])) return;
  }
}

/** Writes what leads a shell into the world; gives the file, which only its owner can read. */
export function writeVariables(folder: string, env: Readonly<Record<string, string>>): string {
  const file = join(folder, 'env.sh');
  const all = {
    ...env,
    // Version 1 of the aws CLI reads this name only.
    AWS_DEFAULT_REGION: env['AWS_REGION'] ?? '',
    AWS_PAGER: '',
    // kubectl keeps discovery for hours under host and port, which the next run may have again.
    KUBECACHEDIR: join(folder, 'kube-cache'),
  };
  writeFileSync(file, exportLines(all), { mode: 0o600 });
  return file;
}

/** What a person is told who has the world now. */
export function howToUse(variables: string, contexts: readonly string[], until: Date): string[] {
  const [first = '', ...others] = contexts;
  const at = until.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return [
    `the world stands until ${at} (two hours); Ctrl-C ends it and leaves nothing behind`,
    `clusters ${contexts.join(', ')}; AWS's time runs twenty times as fast as theirs`,
    'in another shell, in this folder:',
    `  . ${variables}`,
    `  kubectl --context ${first} apply -f templates/app/deployment.yaml -f templates/app/service-existing.yaml`,
    ...others
      .slice(0, 1)
      .map(
        (context) =>
          `  kubectl --context ${context} apply -f templates/app/deployment.yaml -f templates/app/service-secondary.yaml`,
      ),
    `  node bin/nlbmc.js enable nginx --context ${first}`,
  ];
}
