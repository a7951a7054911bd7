import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { serveAws } from './aws/http/serve.ts';
import { fitsSocket, serveControl } from './control-server.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { HandoverClock, type VirtualClock } from './time/clock.ts';
import { exportLines } from './environment.ts';
import { serveKube } from './kube/http/serve.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { privateFolder } from './private-folder.ts';
import type { Scenario, ScenarioName } from './scenarios/scenarios.ts';
import { startTraffic, type Addresses, type Traffic } from './traffic/traffic.ts';
import { giveRights, type SandboxUser } from './user-option.ts';
import { createWorld, type Installed, type RandomOf, type World } from './world.ts';

/** Enough for anything that is looked at while it runs, some ten megabytes at most. */
const KEPT_ENTRIES = 5_000;

export interface SandboxOptions {
  readonly clusters?: readonly string[];
  readonly scenario?: ScenarioName;
  /** Which controllers the clusters have, instead of the scenario's. */
  readonly controllers?: Scenario['controllers'];
  /** How the open-source controllers are installed, instead of as the scenario does it. */
  readonly installed?: (role: 'primary' | 'secondary') => Installed;
  /** How much faster than real its time runs; 1 without it. Ignored with a clock. */
  readonly speed?: number;
  /** A clock that the caller moves; without one, time runs by itself. */
  readonly clock?: VirtualClock;
  /** Without it, Math.random. */
  readonly randomOf?: RandomOf;
  /** API servers without TLS: for tests of other things, since handshakes are half of what a run costs. */
  readonly plainHttp?: boolean;
  /** Users who have the rights that they bring; each gets a context USER@CLUSTER for every cluster. */
  readonly users?: readonly SandboxUser[];
  /** Where the files go: missing or empty. Without it, a new folder among the temporary ones. */
  readonly dir?: string;
}

/** A practice world that kubectl, aws and nlbmc can reach over the loopback interface. */
export interface Sandbox {
  readonly world: World;
  /** What a program needs in its environment to be inside; see `inside` in environment.ts. */
  readonly env: Readonly<Record<string, string>>;
  /** Path of the kubeconfig: one context per cluster, the primary's current. */
  readonly kubeconfig: string;
  readonly dir: string;
  /** Path of the socket at which `nlbmc sandbox ctl` gives its orders; only this user can open it. */
  readonly socket: string;
  /**
   * The load balancers' listeners on the loopback. A file load-balancers.json in `dir` follows its
   * addresses, load-balancer-ca.crt is the authority of TLS listeners.
   */
  readonly traffic: Traffic;
  /** `env` as lines for a shell; a file env.sh in `dir` has them too. */
  exportLines(): string;
  /** Removes the files at once, for a process that cannot wait for `stop`. */
  readonly removeFiles: () => void;
  /** Closes all servers, requests that hang included, and removes the files. May be called twice. */
  stop(): Promise<void>;
}

/** In the sandbox's folder: DNS name -> listener port -> `127.0.0.1:port`, kept up to date. */
export const BALANCERS_FILE = 'load-balancers.json';

const balancersText = (addresses: Addresses): string =>
  `${JSON.stringify(addresses, undefined, 2)}\n`;

const made = new Map<string, Promise<Certificates>>();

/** Made once a process: keys and signatures take as long as a good part of the start. */
function certificates(...dnsNames: readonly string[]): Promise<Certificates> {
  const key = dnsNames.join();
  const pair = made.get(key) ?? makeCertificates(dnsNames);
  made.set(key, pair);
  return pair;
}

/**
 * Starts a practice world on 127.0.0.1: an API server per cluster over TLS with a token, and one
 * AWS endpoint; load balancers take connections too. Its scenario has settled when this resolves. Raises SandboxUsageError.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { clusters, scenario, controllers, installed, randomOf, speed = 1 } = options;
  const own = options.clock ? undefined : new HandoverClock();
  const clock = options.clock ?? own;
  const world = createWorld({
    ...(clusters ? { clusters } : {}),
    ...(scenario ? { scenario } : {}),
    ...(controllers ? { controllers } : {}),
    ...(installed ? { installed } : {}),
    ...(clock ? { clock } : {}),
    ...(randomOf ? { randomOf } : {}),
  });
  const folder = privateFolder(options.dir);
  const socketFolder = fitsSocket(folder.path) ? folder : privateFolder();
  const removeFiles = (): void => {
    folder.remove();
    socketFolder.remove();
  };
  const closers: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(closers.splice(0).map((close) => close()));
    world.stop();
    own?.stop();
    removeFiles();
  };
  try {
    const { journal, faults } = world;
    const skin = { journal, faults, clock: world.clock };
    const tls = await certificates();
    const newToken = (): string => randomBytes(24).toString('base64url');
    const token = newToken();
    const users = new Map((options.users ?? []).map(({ name }) => [newToken(), name]));
    const entries = [];
    for (const { name, kube } of world.clusters.values()) {
      for (const user of options.users ?? []) giveRights(kube, user);
      const access = { token, users };
      const api = await serveKube(kube, { ...skin, ...(!options.plainHttp && { tls }), ...access });
      closers.push(() => api.close());
      const arn = `arn:aws:eks:${world.aws.region}:${world.aws.account}:cluster/${name}`;
      const entry = { name, arn, server: api.url, ca: tls.ca, token };
      const others = [...users].map(([own, user]) => ({ ...entry, user, token: own }));
      entries.push(entry, ...others);
    }
    const aws = await serveAws(world.aws, skin);
    closers.push(() => aws.close());

    const balancerTls = await certificates(`*.elb.${world.aws.region}.amazonaws.com`);
    folder.write('load-balancer-ca.crt', balancerTls.ca);
    const traffic = startTraffic({
      aws: world.aws,
      clusters: world.clusters.values(),
      clock: world.clock,
      tls: balancerTls,
      changed: (addresses) => folder.write(BALANCERS_FILE, balancersText(addresses)),
    });
    closers.push(() => traffic.close());
    await traffic.ready();

    const orders = await serveControl(world, socketFolder.path);
    closers.push(() => orders.close());

    const kubeconfig = folder.write('kubeconfig', kubeconfigText(entries));
    const env = {
      KUBECONFIG: kubeconfig,
      // kubectl keeps discovery for hours under host and port, which the next run may have again.
      KUBECACHEDIR: join(folder.path, 'kube-cache'),
      AWS_ENDPOINT_URL: aws.url,
      // The SDKs read the first name, version 1 of the aws CLI only the second.
      AWS_REGION: world.aws.region,
      AWS_DEFAULT_REGION: world.aws.region,
      AWS_ACCESS_KEY_ID: world.aws.accessKeyId,
      AWS_SECRET_ACCESS_KEY: world.aws.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
      NLBMC_SANDBOX_LOAD_BALANCERS: join(folder.path, BALANCERS_FILE),
      NLBMC_SANDBOX_SOCKET: orders.path,
    };
    folder.write('env.sh', exportLines(env));
    if (own) journal.keepLast(KEPT_ENTRIES);
    own?.goLive(speed);
    return {
      world,
      env,
      kubeconfig,
      dir: folder.path,
      socket: orders.path,
      traffic,
      exportLines: () => exportLines(env),
      removeFiles,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
