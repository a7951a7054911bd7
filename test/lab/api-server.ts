import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import type { Certificates } from '../../src/sandbox/certificates.ts';
import type { IpFamily } from '../../src/sandbox/kube/ip-family.ts';
import type { LabProcess, Processes } from './processes.ts';
import { freePort, waitFor } from './waiting.ts';

/** The controller's name to the API server: that of the ServiceAccount which upstream's chart makes. */
export const CONTROLLER_USER = 'system:serviceaccount:kube-system:aws-load-balancer-controller';

/** The user that the API server knows as kube-controller-manager and binds to its ClusterRole. */
const CONTROLLER_MANAGER_USER = 'system:kube-controller-manager';

/** Users of a cluster of the lab. */
export type LabUser = 'admin' | 'controller' | 'controller-manager';

/** One family, as EKS clusters have it (EKS user guide, cni-ipv6.adoc), with the ranges that EKS gives. */
const SERVICE_RANGES: Readonly<Record<IpFamily, string>> = {
  IPv4: '172.20.0.0/16',
  IPv6: 'fdd3:7636:68bc::/108',
};

/** Every write to what a controller and nlbmc write, with what was sent (see `LabStage.acts`). */
const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    { level: 'None', users: ['system:apiserver'] },
    {
      level: 'Request',
      verbs: ['create', 'update', 'patch', 'delete'],
      resources: [
        { group: '', resources: ['configmaps', 'services', 'services/status'] },
        {
          group: 'elbv2.k8s.aws',
          resources: ['targetgroupbindings', 'targetgroupbindings/status'],
        },
      ],
    },
    { level: 'None' },
  ],
};

/** A running etcd that only the loopback reaches. */
export async function startEtcd(
  processes: Processes,
  o: { readonly file: string; readonly folder: string },
): Promise<{ readonly url: string }> {
  const [client, peer] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${client}`;
  const peerUrl = `http://127.0.0.1:${peer}`;
  const etcd = processes.start({
    name: 'etcd',
    file: o.file,
    args: [
      `--data-dir=${join(o.folder, 'etcd')}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=default=${peerUrl}`,
      // Nothing here outlives the run, so nothing has to outlive a power cut.
      '--unsafe-no-fsync',
      '--log-level=warn',
    ],
  });
  await waitFor(
    'etcd answers',
    async () => {
      etcd.check();
      return fetch(`${url}/health`).then(
        (answer) => answer.ok,
        () => false,
      );
    },
    60_000,
  );
  return { url };
}

/** A running kube-apiserver. */
export interface ApiServer {
  /** https://127.0.0.1:PORT */
  readonly url: string;
  readonly process: LabProcess;
  /** Bearer tokens of its users. */
  readonly tokens: Readonly<Record<LabUser, string>>;
  /** File with one audit event a line. */
  readonly audit: string;
}

/** Starts kube-apiserver without waiting until it answers: see `apiServerReady`. */
export async function startApiServer(
  processes: Processes,
  o: {
    readonly file: string;
    /** Name of the cluster: its share of etcd and its folder are called so. */
    readonly name: string;
    readonly folder: string;
    readonly etcd: string;
    readonly tls: Certificates;
    readonly token: (user: LabUser) => string;
    /** Whether pods are let in only with a ServiceAccount, which somebody makes. */
    readonly serviceAccounts?: boolean;
    /** As `nice` gives it; without it that of the lab. */
    readonly priority?: number;
    /** Of the Services' addresses; the server itself listens on the loopback of IPv4 all the same. */
    readonly ipFamily?: IpFamily | undefined;
  },
): Promise<ApiServer> {
  const folder = join(o.folder, o.name);
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const port = await freePort();
  const tokens = {
    admin: o.token('admin'),
    controller: o.token('controller'),
    'controller-manager': o.token('controller-manager'),
  };
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const accountKey = write(
    'account.key',
    privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
  );
  const audit = join(folder, 'audit.log');
  const process = processes.start({
    name: `kube-apiserver-${o.name}`,
    priority: o.priority,
    file: o.file,
    args: [
      `--etcd-servers=${o.etcd}`,
      `--etcd-prefix=/${o.name}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      // Nobody asks for the Service `kubernetes`, whose endpoints may not be on the loopback.
      '--endpoint-reconciler-type=none',
      `--secure-port=${port}`,
      `--tls-cert-file=${write('tls.crt', o.tls.cert)}`,
      `--tls-private-key-file=${write('tls.key', o.tls.key)}`,
      `--token-auth-file=${write(
        'tokens.csv',
        `${tokens.admin},kubernetes-admin,admin,"system:masters"\n` +
          `${tokens.controller},${CONTROLLER_USER},controller,"system:serviceaccounts,system:serviceaccounts:kube-system"\n` +
          `${tokens['controller-manager']},${CONTROLLER_MANAGER_USER},controller-manager\n`,
      )}`,
      '--authorization-mode=RBAC',
      // No controller makes a namespace's ServiceAccount here, without which no pod would be let in.
      ...(o.serviceAccounts ? [] : ['--disable-admission-plugins=ServiceAccount']),
      '--service-account-issuer=https://127.0.0.1',
      `--service-account-key-file=${accountKey}`,
      // The controller manager's controllers ask for tokens of their own ServiceAccounts.
      `--service-account-signing-key-file=${accountKey}`,
      `--service-cluster-ip-range=${SERVICE_RANGES[o.ipFamily ?? 'IPv4']}`,
      `--audit-policy-file=${write('audit-policy.json', JSON.stringify(AUDIT_POLICY))}`,
      `--audit-log-path=${audit}`,
      '--profiling=false',
      `--cert-dir=${join(folder, 'certificates')}`,
    ],
  });
  return { url: `https://127.0.0.1:${port}`, process, tokens, audit };
}

/** Waits until the server and all that it does at its start are ready. */
export async function apiServerReady(server: ApiServer, ca: string): Promise<void> {
  const headers = { authorization: `Bearer ${server.tokens.admin}` };
  const ready = (): Promise<boolean> =>
    new Promise((resolve) => {
      const asked = get(`${server.url}/readyz`, { ca, headers, agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200);
      });
      asked.once('error', () => resolve(false));
    });
  await waitFor(
    `${server.process.name} is ready`,
    () => {
      server.process.check();
      return ready();
    },
    120_000,
  );
}
