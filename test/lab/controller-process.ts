import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AccessKey } from '../../src/sandbox/aws/identity.ts';
import type { Certificates } from '../../src/sandbox/certificates.ts';
import type { LabProcess, Processes } from './processes.ts';
import type { ControllerFlags } from './stage.ts';
import { freePort, waitFor } from './waiting.ts';

/** What a controller needs from the world, whichever process it is. */
export interface ControllerSurroundings {
  readonly file: string;
  readonly clusterName: string;
  readonly folder: string;
  /** File with the context of its own user. */
  readonly kubeconfig: string;
  readonly aws: {
    readonly url: string;
    readonly region: string;
    readonly vpcId: string;
    readonly key: AccessKey;
  };
  readonly tls: Certificates;
  readonly webhookPort: number;
  /** Makes NLBs for Gateways: their definitions must be there when it starts. */
  readonly gateways: boolean;
}

/**
 * The controller calls itself by the name of its host in its Lease, which in a cluster is the name of the
 * pod (controller-runtime, pkg/leaderelection/leader_election.go): a process may have a name of its own.
 */
const asHost = (pod: string): readonly string[] => [
  ...(process.getuid?.() === 0 ? [] : ['--map-root-user']),
  '--uts',
  'sh',
  '-c',
  'hostname "$0" && exec "$@"',
  pod,
];

/** Every service that the controller has a client for: none may be asked outside of the lab. */
const SERVICES = [
  'EC2',
  'Elastic Load Balancing v2',
  'STS',
  'ACM',
  'Resource Groups Tagging API',
  'WAFV2',
  'WAF Regional',
  'Shield',
  'Global Accelerator',
];

/**
 * Starts a controller and waits until it reconciles and answers webhooks. As the process of a `pod` it takes
 * part in the election of a leader, which can take 15 seconds: nothing gives the Lease of its predecessor back.
 */
export async function startController(
  processes: Processes,
  o: ControllerSurroundings,
  flags: ControllerFlags,
  pod?: string,
): Promise<LabProcess> {
  const certificates = join(o.folder, o.clusterName, 'webhook');
  mkdirSync(certificates, { recursive: true });
  writeFileSync(join(certificates, 'tls.crt'), o.tls.cert);
  writeFileSync(join(certificates, 'tls.key'), o.tls.key, { mode: 0o600 });
  const health = await freePort();
  const controller = processes.start({
    name: `controller-${o.clusterName}`,
    file: pod ? 'unshare' : o.file,
    args: [
      ...(pod ? [...asHost(pod), o.file] : []),
      `--cluster-name=${o.clusterName}`,
      `--kubeconfig=${o.kubeconfig}`,
      `--aws-region=${o.aws.region}`,
      `--aws-vpc-id=${o.aws.vpcId}`,
      `--aws-api-endpoints=${SERVICES.map((service) => `${service}=${o.aws.url}`).join(',')}`,
      `--enable-leader-election=${pod !== undefined}`,
      '--leader-election-namespace=kube-system',
      `--webhook-cert-dir=${certificates}`,
      `--webhook-bind-port=${o.webhookPort}`,
      '--metrics-bind-addr=127.0.0.1:0',
      `--health-probe-bind-addr=127.0.0.1:${health}`,
      '--enable-shield=false',
      '--enable-waf=false',
      '--enable-wafv2=false',
      `--feature-gates=NLBGatewayAPI=${o.gateways},ALBGatewayAPI=false,GlobalAcceleratorController=false,LBCapacityReservation=false`,
      ...(flags.maxTargetsPerTargetGroup === undefined
        ? []
        : [`--max-targets-per-target-group=${flags.maxTargetsPerTargetGroup}`]),
      `--enable-backend-security-group=${flags.enableBackendSecurityGroup ?? true}`,
    ],
    env: {
      AWS_ACCESS_KEY_ID: o.aws.key.accessKeyId,
      AWS_SECRET_ACCESS_KEY: o.aws.key.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  });
  // /readyz asks the webhook server too (main.go); the workers have started before a first log line.
  await waitFor(
    `${controller.name} is ready`,
    async () => {
      controller.check();
      return (await answers(`http://127.0.0.1:${health}/readyz`)) && working(controller);
    },
    60_000,
  );
  return controller;
}

/** GitVersion of the first line that the controller logs; without flags it ends there. */
export async function versionOf(file: string): Promise<string> {
  const { stdout, stderr } = await run(file, []).catch((failed: unknown) => failed as Said);
  const found = /"GitVersion":"([^"]+)"/.exec(stdout + stderr)?.[1];
  if (found) return found;
  throw new Error(
    `${file} logged no version: stamp it with -ldflags "-X MODULE/pkg/version.GitVersion=vX.Y.Z"`,
  );
}

const run = promisify(execFile);

interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

const working = (controller: LabProcess): boolean =>
  controller
    .output()
    .split('\n')
    .filter((line) => line.includes('"Starting workers"')).length >= 2;

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = get(url, { agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.once('error', () => resolve(false));
  });
}
