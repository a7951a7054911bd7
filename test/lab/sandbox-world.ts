import { randomBytes } from 'node:crypto';
import { AwsAccount } from '../../src/sandbox/aws/account.ts';
import { serveAws } from '../../src/sandbox/aws/http/serve.ts';
import { VirtualClock } from '../../src/sandbox/time/clock.ts';
import { Faults } from '../../src/sandbox/requests/faults.ts';
import { Journal } from '../../src/sandbox/requests/journal.ts';
import type { KubeCluster } from '../../src/sandbox/kube/cluster/cluster.ts';
import { startCluster } from '../../src/sandbox/kube/cluster/start-cluster.ts';
import { serveKube } from '../../src/sandbox/kube/http/serve.ts';
import type { IpFamily } from '../../src/sandbox/kube/ip-family.ts';
import { kubeconfigText } from '../../src/sandbox/kubeconfig.ts';
import { Lbc } from '../../src/sandbox/lbc/lbc.ts';
import { privateFolder } from '../../src/sandbox/private-folder.ts';
import { startWorkloads, type Workloads } from '../../src/sandbox/workloads/workloads.ts';
import { shareNodeGroup } from './share-node-group.ts';

/** Contexts of the lab, the primary's first. */
export const CONTEXTS = ['pri-eks-clu1', 'sec-eks-clu1', 'thd-eks-clu1', 'fth-eks-clu1'] as const;

export interface SandboxWorldCluster {
  readonly name: string;
  readonly kube: KubeCluster;
  readonly lbc: Lbc;
  readonly workloads: Workloads;
}

/** A practice world without any app in it, on loopback, on a clock that is wound by hand. */
export interface SandboxWorld {
  readonly clock: VirtualClock;
  readonly journal: Journal;
  readonly aws: AwsAccount;
  readonly clusters: readonly SandboxWorldCluster[];
  readonly env: Readonly<Record<string, string>>;
  readonly kubeconfig: string;
  close(): Promise<void>;
}

export interface SandboxWorldOptions {
  readonly clusters: number;
  readonly sharedNodeGroup?: boolean;
  readonly ipFamily?: IpFamily | undefined;
  /** The controllers'; the sandbox's own without it. */
  readonly version?: string;
  /** False makes every pass of a controller over a binding a full one. */
  readonly checkpointSkip?: boolean;
}

/** Builds the world; its controllers run when this resolves. */
export async function openSandboxWorld(o: SandboxWorldOptions): Promise<SandboxWorld> {
  const clock = new VirtualClock();
  const journal = new Journal(clock);
  const aws = new AwsAccount({ clock, journal });
  const clusters = CONTEXTS.slice(0, o.clusters).map((name) => {
    const kube = startCluster({ name, ipFamily: o.ipFamily, clock, journal });
    const nodes = aws.network.zones.slice(0, 2).map((zone) => ({ zone }));
    const workloads = startWorkloads({ cluster: kube, aws, clock, clusterName: name, nodes });
    const lbc = new Lbc({
      cluster: kube,
      aws,
      clock,
      clusterName: name,
      vpcId: aws.network.vpcId,
      onLife: (running) => workloads.setControllerRunning(running),
      ...(o.version ? { version: o.version } : {}),
      ...(o.checkpointSkip === false ? { checkpointSkip: false } : {}),
    });
    lbc.install();
    return { name, kube, lbc, workloads };
  });
  aws.probe = ({ id, healthCheckPort, protocol }) => {
    for (const { workloads } of clusters) {
      const answer = workloads.probe({ id, port: healthCheckPort, protocol });
      if (answer) return answer;
    }
    return 'timeout';
  };
  if (o.sharedNodeGroup) {
    shareNodeGroup(
      aws,
      CONTEXTS[0],
      clusters.flatMap(({ workloads }) => workloads.nodes),
    );
  }
  for (const { lbc } of clusters) lbc.start();

  const faults = new Faults();
  const token = randomBytes(24).toString('base64url');
  const skin = { journal, faults, clock };
  const endpoint = await serveAws(aws, skin);
  const servers = await Promise.all(
    clusters.map(async ({ name, kube }) => ({
      name,
      ...(await serveKube(kube, { ...skin, token })),
    })),
  );
  const folder = privateFolder();
  const entries = servers.map(({ name, url }) => ({ name, server: url, token }));
  const kubeconfig = folder.write('kubeconfig', kubeconfigText(entries));
  return {
    clock,
    journal,
    aws,
    clusters,
    kubeconfig,
    env: {
      KUBECONFIG: kubeconfig,
      AWS_ENDPOINT_URL: endpoint.url,
      AWS_REGION: aws.region,
      AWS_ACCESS_KEY_ID: aws.accessKeyId,
      AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    async close() {
      await Promise.all([endpoint, ...servers].map((server) => server.close()));
      for (const { lbc, workloads } of clusters) {
        lbc.stop();
        workloads.stop();
      }
      folder.remove();
    },
  };
}
