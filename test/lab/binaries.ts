import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { buildAttributeParser } from './attribute-parser.ts';
import { Go, MissingError } from './go.ts';
import { PINS } from './pins.ts';

/** The programs of the lab, and what they are. */
export interface Binaries {
  readonly etcd: string;
  readonly kubeApiserver: string;
  readonly kubeControllerManager: string;
  readonly controller: string;
  /** Folder with the controller's sources: its manifests are in there. */
  readonly source: string;
  /** Folder with the sources of the Gateway API that the controller was built with; undefined: none is known. */
  readonly gatewayApi?: string;
  /** Reads annotations with the controller's own parser; undefined: nothing could be built. */
  readonly attributeParser?: string;
  /** Module and version that the controller's binary tells of itself. */
  readonly controllerModule: string;
}

/**
 * Finds the programs: those of Kubernetes in KUBEBUILDER_ASSETS, the controller in LBC_BIN, or
 * builds them with Go, once, into a cache folder (LBC_MODULE names another controller than the pinned
 * one). Raises MissingError when neither can be.
 * @param root the checkout
 */
export async function findBinaries(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
  say: (line: string) => void,
): Promise<Binaries> {
  const go = await Go.find(env);
  if (!go) return givenBinaries(env);
  const cache = cacheFolder(env);
  const assets = env['KUBEBUILDER_ASSETS'];
  const found = (name: OwnModule): Promise<string> | string => {
    const given = assets && join(assets, name);
    // What KUBEBUILDER_ASSETS mostly names, the programs of envtest, has no controller manager.
    const isGiven = given && (name !== 'kube-controller-manager' || existsSync(given));
    return isGiven ? asset(assets, name) : built(go, root, cache, name, say);
  };
  const etcd = await found('etcd');
  const kubeApiserver = await found('kube-apiserver');
  const kubeControllerManager = await found('kube-controller-manager');
  const module = env['LBC_MODULE'] ?? PINS.controller.module;
  const given = env['LBC_BIN'];
  const controller = given
    ? asset(dirname(given), basename(given))
    : await installed(go, cache, module, say);
  const controllerModule = await go.moduleOf(controller);
  const source = env['LBC_SOURCE'] ?? (await go.sourceOf(controllerModule));
  const gatewayApi = await gatewayApiOf(go, source);
  const attributeParser = await cached(
    join(cache, `attribute-parser-${controllerModule.split('@')[1] ?? 'unknown'}`),
    'attribute-parser',
    say,
    (target) => buildAttributeParser(go, { root, source, workshop: dirname(target) }, target),
  );
  return {
    etcd,
    kubeApiserver,
    kubeControllerManager,
    controller,
    source,
    controllerModule,
    attributeParser,
    ...(gatewayApi ? { gatewayApi } : {}),
  };
}

/** What the variables name, where nothing can be built. */
function givenBinaries(env: Readonly<Record<string, string | undefined>>): Binaries {
  const { KUBEBUILDER_ASSETS, LBC_BIN, LBC_SOURCE } = env;
  if (!KUBEBUILDER_ASSETS || !LBC_BIN || !LBC_SOURCE) {
    throw new MissingError(
      'install Go 1.26 or later (https://go.dev/dl), or set KUBEBUILDER_ASSETS (folder with etcd, kube-apiserver and kube-controller-manager), LBC_BIN (the controller) and LBC_SOURCE (folder with its sources).',
    );
  }
  return {
    etcd: asset(KUBEBUILDER_ASSETS, 'etcd'),
    kubeApiserver: asset(KUBEBUILDER_ASSETS, 'kube-apiserver'),
    kubeControllerManager: asset(KUBEBUILDER_ASSETS, 'kube-controller-manager'),
    controller: asset(dirname(LBC_BIN), basename(LBC_BIN)),
    source: LBC_SOURCE,
    controllerModule: 'of LBC_BIN',
  };
}

/** Controllers before v2.13 know no Gateways. */
async function gatewayApiOf(go: Go, source: string): Promise<string | undefined> {
  const needed = /^\s*sigs\.k8s\.io\/gateway-api (v\S+)$/m;
  const [, version] = needed.exec(readFileSync(join(source, 'go.mod'), 'utf8')) ?? [];
  return version && go.sourceOf(`sigs.k8s.io/gateway-api@${version}`);
}

function asset(folder: string, name: string): string {
  const file = join(folder, name);
  if (existsSync(file)) return file;
  throw new MissingError(`there is no ${name} in ${folder}, which a variable names.`);
}

function cacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  const base = env['XDG_CACHE_HOME'] ?? join(env['HOME'] ?? homedir(), '.cache');
  return env['NLBMC_LAB_CACHE'] ?? join(base, 'nlbmc-lab');
}

const KUBERNETES_LDFLAGS = ((): string => {
  const [major, minor] = PINS.kubernetes.split('.');
  const stamps = {
    gitVersion: `v${PINS.kubernetes}`,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: 'clean',
  };
  return Object.entries(stamps)
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(' ');
})();

/** Programs that have a module folder of their own. */
type OwnModule = 'etcd' | 'kube-apiserver' | 'kube-controller-manager';

/** One of the programs that have a module folder of their own, from the cache or built into it. */
async function built(
  go: Go,
  root: string,
  cache: string,
  name: OwnModule,
  say: (line: string) => void,
): Promise<string> {
  const folder = join(root, 'test/lab', name);
  const pin = name === 'etcd' ? PINS.etcd : PINS.kubernetes;
  const wanted = name === 'etcd' ? `server/v3 v${pin}` : `k8s.io/kubernetes v${pin}`;
  if (!readFileSync(join(folder, 'go.mod'), 'utf8').includes(wanted)) {
    throw new Error(`test/lab/${name}/go.mod does not ask for ${wanted}, which pins.ts names`);
  }
  const flags = name === 'etcd' ? [] : [`-ldflags=${KUBERNETES_LDFLAGS}`];
  return cached(join(cache, `${name}-${pin}`), name, say, (target) =>
    go.run(['build', '-trimpath', '-buildvcs=false', ...flags, '-o', target, '.'], folder),
  );
}

/** The controller, from the cache or installed into it with exactly the dependencies it was released with. */
async function installed(
  go: Go,
  cache: string,
  module: string,
  say: (line: string) => void,
): Promise<string> {
  const [path = '', version = ''] = module.split('@');
  if (!path || !version)
    throw new MissingError(`LBC_MODULE has the form path@version, not ${module}.`);
  const stamp = module === PINS.controller.module ? PINS.controller.version : version;
  const commit = /-([0-9a-f]{12})$/.exec(version)?.[1] ?? version;
  // As upstream's Dockerfile stamps it.
  const flags = `-X ${path}/pkg/version.GitVersion=${stamp} -X ${path}/pkg/version.GitCommit=${commit}`;
  const name = 'aws-load-balancer-controller';
  return cached(join(cache, `${name}-${version}`), name, say, async (target) => {
    const bin = dirname(target);
    await go.run(['install', '-trimpath', `-ldflags=${flags}`, module], bin, { GOBIN: bin });
    // Named after the last part of the module's path that is no major version.
    const made = join(bin, (path.match(/[^/]+(?=\/v\d+$)|[^/]+$/) ?? [''])[0]);
    if (made !== target) renameSync(made, target);
  });
}

/** The program in `folder`, which `make` fills when it is not there; a build cut short leaves none. */
async function cached(
  folder: string,
  name: string,
  say: (line: string) => void,
  make: (target: string) => Promise<unknown>,
): Promise<string> {
  const file = join(folder, name);
  if (existsSync(file)) return file;
  say(`building ${name} into ${folder}`);
  const workshop = `${folder}.${process.pid}`;
  mkdirSync(workshop, { recursive: true });
  try {
    await make(join(workshop, name));
    rmSync(folder, { recursive: true, force: true });
    renameSync(workshop, folder);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
  return file;
}
