import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsAccount } from '../../src/sandbox/aws/account.ts';
import { serveAws } from '../../src/sandbox/aws/http/serve.ts';
import { makeCertificates } from '../../src/sandbox/certificates.ts';
import type { IpFamily } from '../../src/sandbox/kube/ip-family.ts';
import { HandoverClock } from '../../src/sandbox/time/clock.ts';
import { Faults } from '../../src/sandbox/requests/faults.ts';
import { Journal } from '../../src/sandbox/requests/journal.ts';
import { kubeconfigText } from '../../src/sandbox/kubeconfig.ts';
import { apiServerReady, startApiServer, type ApiServer, type LabUser } from './api-server.ts';
import type { Binaries } from './binaries.ts';
import { startControllerManager } from './controller-manager.ts';
import { kubeRest } from './kube-rest.ts';
import type { Processes } from './processes.ts';
import { RealCluster } from './real-cluster.ts';
import { RealController } from './real-controller.ts';
import { CONTEXTS } from './sandbox-world.ts';
import { shareNodeGroup } from './share-node-group.ts';
import { customResources, gatewayResources } from './upstream.ts';
import { freePort } from './waiting.ts';

/**
 * How much faster than real AWS is: a load balancer is active after 6 seconds, an interval of ten
 * seconds lasts half a one. The controllers' own delays are as long as they are.
 */
const AWS_SPEED = 20;

/** One cluster of the lab: a real API server and a real controller. */
export interface RealWorldCluster {
  readonly cluster: RealCluster;
  readonly controller: RealController;
  readonly server: ApiServer;
}

/** Clusters that share an AWS account of their own; etcd is shared with other worlds. */
export interface RealWorld {
  readonly aws: AwsAccount;
  readonly journal: Journal;
  readonly clusters: readonly RealWorldCluster[];
  /** What leads nlbmc into the world. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts a world; its controllers reconcile when this resolves. */
export async function openRealWorld(o: {
  readonly processes: Processes;
  readonly binaries: Binaries;
  /** A folder of its own, which is made. Its name keeps its clusters apart from others' in etcd. */
  readonly folder: string;
  readonly name: string;
  readonly etcd: string;
  readonly clusters: number;
  readonly sharedNodeGroup?: boolean;
  /** With the definitions of Gateways, and controllers that make NLBs for them. */
  readonly gateways?: boolean;
  readonly ipFamily?: IpFamily | undefined;
  /** The pods of each controller choose a leader. */
  readonly elections?: boolean;
}): Promise<RealWorld> {
  const { processes, binaries, ipFamily } = o;
  const folder = join(o.folder, o.name);
  mkdirSync(folder, { recursive: true });
  const clock = new HandoverClock();
  const journal = new Journal(clock);
  const aws = new AwsAccount({ clock, journal });
  clock.goLive(AWS_SPEED);
  const tls = await makeCertificates();
  const endpoint = await serveAws(aws, { journal, faults: new Faults(), clock });
  const contexts = CONTEXTS.slice(0, o.clusters);
  const servers: ApiServer[] = [];
  for (const context of contexts) {
    const file = binaries.kubeApiserver;
    const token = (): string => randomBytes(24).toString('base64url');
    const etcdPrefix = `${o.name}-${context}`;
    const server = { file, name: etcdPrefix, folder, etcd: o.etcd, tls, token, ipFamily };
    servers.push(await startApiServer(processes, server));
  }
  await Promise.all(servers.map((server) => apiServerReady(server, tls.ca)));

  const configured = (user: LabUser, some: readonly string[]): string => {
    const entries = some.flatMap((name) => {
      const server = servers[CONTEXTS.indexOf(name as (typeof CONTEXTS)[number])];
      return server ? [{ name, server: server.url, ca: tls.ca, token: server.tokens[user] }] : [];
    });
    const file = join(folder, `${user}-${some.join('-')}.kubeconfig`);
    writeFileSync(file, kubeconfigText(entries), { mode: 0o600 });
    return file;
  };
  const kubeconfig = configured('admin', contexts);
  const managers = contexts.map((context) =>
    startControllerManager(processes, {
      file: binaries.kubeControllerManager,
      name: `${o.name}-${context}`,
      kubeconfig: configured('controller-manager', [context]),
    }),
  );
  const made = contexts.map(
    (context) => new RealCluster(context, kubeRest(kubeconfig, context), aws, ipFamily),
  );
  if (o.sharedNodeGroup) {
    shareNodeGroup(
      aws,
      contexts[0] ?? '',
      made.flatMap(({ nodes }) => nodes),
    );
  }
  aws.probe = ({ id, healthCheckPort: port }) => {
    for (const cluster of made) {
      const answer = cluster.probe({ id, port });
      if (answer) return answer;
    }
    return 'timeout';
  };
  const { source, gatewayApi } = binaries;
  if (o.gateways && !gatewayApi) throw new Error('the controller was built without Gateways');
  const resources = [
    ...customResources(source),
    ...(o.gateways && gatewayApi ? gatewayResources(source, gatewayApi) : []),
  ];
  const clusters = await Promise.all(
    made.map(async (cluster, i): Promise<RealWorldCluster> => {
      const { context } = cluster;
      const webhookPort = await freePort();
      await cluster.install({ source, resources, webhookPort, ca: tls.ca });
      const around = {
        file: binaries.controller,
        clusterName: context,
        folder,
        kubeconfig: configured('controller', [context]),
        aws: {
          url: endpoint.url,
          region: aws.region,
          vpcId: aws.network.vpcId,
          key: aws.addKey(`lbc/${context}`),
        },
        tls,
        webhookPort,
        gateways: o.gateways ?? false,
      };
      const elects = o.elections ?? false;
      const controller = new RealController(processes, cluster, around, { elects });
      await controller.start();
      return { cluster, controller, server: servers[i] as ApiServer };
    }),
  );
  return {
    aws,
    journal,
    clusters,
    env: {
      KUBECONFIG: kubeconfig,
      AWS_ENDPOINT_URL: endpoint.url,
      AWS_REGION: aws.region,
      AWS_ACCESS_KEY_ID: aws.accessKeyId,
      AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    async close() {
      await Promise.all(clusters.map(({ cluster }) => cluster.stop()));
      await Promise.all(clusters.map(({ controller }) => controller.end()));
      await Promise.all(managers.map((manager) => manager.stop()));
      await Promise.all(servers.map(({ process }) => process.stop()));
      clock.stop();
      await endpoint.close();
    },
  };
}
