import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import { inside } from '../../src/sandbox/environment.ts';
import { createAll } from '../../src/sandbox/scenarios/apply.ts';
import { deployment, plainService } from '../../src/sandbox/scenarios/objects.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { HandoverClock } from '../../src/sandbox/time/clock.ts';
import type { Environment } from './process.ts';
import { type Relay, startRelay } from './relay.ts';

/** How fast the practice world's time runs: what is waited for takes milliseconds, and polls stay few. */
const SPEED = 1000;

/** With more pods than this, the world itself is busy: with so much time it would answer nobody. */
const MANY_PODS = 50;
const SLOW = 20;

export interface PlaceOptions {
  readonly clusters?: number;
  /** Pods of the application in each cluster that joins; 0: it is not there yet. */
  readonly pods?: number;
  /** Milliseconds to the servers and back; default 0, without a relay. */
  readonly roundTripMs?: number;
  /** Tokens come from a program, as those of `aws eks get-token` do. */
  readonly plugin?: boolean;
}

/** A practice world, and how a process gets into it. */
export interface Place {
  readonly contexts: readonly string[];
  readonly env: Environment;
}

/** Plays `work` in a world of its own, which is gone afterwards. */
export async function inPlace<T>(o: PlaceOptions, work: (place: Place) => Promise<T>): Promise<T> {
  const contexts = Array.from({ length: o.clusters ?? 2 }, (_, n) => `eks-clu${n + 1}`);
  if (contexts.length === 2) contexts.splice(0, 2, 'pri-eks-clu1', 'sec-eks-clu1');
  const clock = new HandoverClock();
  const sandbox = await startSandbox({ clusters: contexts, clock });
  const relays: Relay[] = [];
  try {
    for (const { kube } of sandbox.world.secondaries) {
      if (o.pods !== 0) createAll(kube, deployment(o.pods ?? 2), plainService('ClusterIP'));
    }
    // AWS raises these on request, and such an account has had to have them raised.
    Object.assign(sandbox.world.aws.limits, {
      'targets-per-availability-zone-per-network-load-balancer': 20_000,
      'targets-per-network-load-balancer': 20_000,
      targetsPerTargetGroup: 20_000,
      targetsWithCrossZone: 20_000,
    });
    sandbox.world.settle();
    clock.goLive((o.pods ?? 0) > MANY_PODS ? SLOW : SPEED);
    const env = { ...sandbox.env };
    if (o.plugin) env['KUBECONFIG'] = withPlugin(sandbox);
    if (o.roundTripMs) await farAway(sandbox, env, o.roundTripMs, relays);
    return await work({ contexts, env: inside(process.env, env) });
  } finally {
    for (const relay of relays) relay.close();
    await sandbox.stop();
  }
}

/** Puts a relay before each server, and names the relays in `env`. */
async function farAway(
  sandbox: Sandbox,
  env: Record<string, string>,
  roundTripMs: number,
  relays: Relay[],
): Promise<void> {
  const near = async (text: string): Promise<string> => {
    let result = text;
    for (const [address, port] of text.matchAll(/127\.0\.0\.1:(\d+)/g)) {
      const relay = await startRelay(Number(port), roundTripMs);
      relays.push(relay);
      result = result.replace(address, `127.0.0.1:${relay.port}`);
    }
    return result;
  };
  const file = join(sandbox.dir, 'kubeconfig-far');
  writeFileSync(file, await near(readFileSync(env['KUBECONFIG'] ?? '', 'utf8')), { mode: 0o600 });
  env['KUBECONFIG'] = file;
  env['AWS_ENDPOINT_URL'] = await near(env['AWS_ENDPOINT_URL'] ?? '');
}

/**
 * A kubeconfig whose users have a program instead of a token. It takes as long as
 * `aws eks get-token`, which it runs, and tells the practice world's own token. (The real command nlbmc
 * does not run at all: it signs by itself. So this shows less than the truth.)
 */
function withPlugin({ dir, kubeconfig }: Sandbox): string {
  const config = load(readFileSync(kubeconfig, 'utf8')) as {
    users: { name: string; user: { token: string } }[];
  };
  const users = config.users.map(({ name, user }, n) => {
    const command = join(dir, `token-of-${n}`);
    const status = { token: user.token };
    const answer = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status,
    };
    const script = `#!/bin/sh\naws eks get-token --cluster-name ${name} >/dev/null || exit\ncat <<'END'\n${JSON.stringify(answer)}\nEND\n`;
    writeFileSync(command, script);
    chmodSync(command, 0o700);
    const { apiVersion } = answer;
    return { name, user: { exec: { apiVersion, command, interactiveMode: 'Never' } } };
  });
  const file = join(dir, 'kubeconfig-plugin');
  writeFileSync(file, dump({ ...config, users }), { mode: 0o600 });
  return file;
}
