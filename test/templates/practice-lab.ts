import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { quickAws } from '../aws-cli/quick-aws.ts';
import { inside } from '../../src/sandbox/environment.ts';
import { targetGroupBindingCrd } from '../../src/sandbox/lbc/install/crd.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { type AwsStandIn, startAwsStandIn } from './aws-stand-in.ts';
import { root } from './stack.ts';

const LBC = 'aws-load-balancer-controller';
const PERSON = { actor: 'person', manager: 'kubectl' };
const CRD = 'targetgroupbindings.elbv2.k8s.aws';

interface Kubeconfig {
  readonly clusters: { name: string; cluster: Record<string, string> }[];
  readonly users: { user: { token: string } }[];
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * An empty account and a person's empty kubeconfig, as the sandbox can play it: its clusters have
 * nodes, and neither controller nor definition nor application. CloudFormation and EKS are
 * aws-stand-in.ts; kubectl, aws and nlbmc are real; helm is a stand-in of our own.
 */
export interface PracticeLab {
  readonly sandbox: Sandbox;
  readonly aws: AwsStandIn;
  /** What helm was called with, a line for each call. */
  readonly helmCalls: () => string[];
  /** Runs a text in bash as a person would paste it, in the root of the project. */
  readonly paste: (text: string) => Promise<Outcome>;
  /** The same for what has to succeed. */
  readonly type: (text: string) => Promise<Outcome>;
  readonly close: () => Promise<void>;
}

/** Of helm what the script uses: it says its version, shows definitions, and starts the controller. */
const helm = (folder: string): string => `#!/usr/bin/env bash
set -euo pipefail
[[ "$1" == version ]] || echo "helm $*" >>'${folder}/helm-calls'
case "$1 $2" in
  'version --short') echo 'v3.22.0+g0123456' ;;
  'show crds') cat '${folder}/crd.json' ;;
  'upgrade --install')
    context=$(sed -E 's/.*--kube-context ([^ ]+).*/\\1/' <<<"$*")
    # The chart has objects of its own definitions in it, and asks for them first.
    kubectl --context "$context" get crd ${CRD} >/dev/null
    kubectl --context "$context" -n kube-system scale deployment/${LBC} --replicas=2 >/dev/null ;;
  *) echo "the stand-in for helm does not know: $*" >&2; exit 1 ;;
esac
`;

/** How long targets of a new load balancer may take until they are healthy: in the sandbox, in seconds. */
const UNTIL_HEALTHY_S = 250;

/**
 * The real aws, but for the token: the sandbox knows only its own. A wait for targets looks every 15
 * seconds of real time: it begins when they are healthy in the sandbox, so that it looks once.
 */
const aws = (real: string, token: string, speed: number): string => `#!/usr/bin/env bash
case "$*" in
  *'eks get-token'*)
    printf '%s' '${JSON.stringify({
      kind: 'ExecCredential',
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      spec: {},
      status: { token, expirationTimestamp: '2099-01-01T00:00:00Z' },
    })}' ;;
  'elbv2 wait target-in-service'*) sleep ${UNTIL_HEALTHY_S / speed}; exec '${real}' "$@" ;;
  *) exec '${real}' "$@" ;;
esac
`;

/** nlbmc signs the token of EKS itself where it can; here the kubeconfig's command has to be asked. */
const nlbmc = (): string => `#!/usr/bin/env bash
case "$1" in
  enable | join | verify | show | leave | disable) set -- "$1" --no-native-eks-token "\${@:2}" ;;
esac
exec '${process.execPath}' '${join(root, 'bin', 'nlbmc.js')}' "$@"
`;

/** Opens a lab. Needs kubectl and aws. Only its own time passes at `speed`, not that of the programs. */
export async function openPracticeLab({ speed = 1000 } = {}): Promise<PracticeLab> {
  await quickAws();
  const sandbox = await startSandbox({ scenario: 'new-workload', speed });
  const folder = mkdtempSync(join(tmpdir(), 'nlbmc-lab-'));
  const config = load(readFileSync(sandbox.kubeconfig, 'utf8')) as Kubeconfig;
  const { world } = sandbox;
  for (const { kube } of world.clusters.values()) {
    const none = { type: 'merge', body: { spec: { replicas: 0 } } } as const;
    kube.patch('deployments.apps', 'kube-system', LBC, none, PERSON);
    kube.delete('customresourcedefinitions.apiextensions.k8s.io', '', CRD, PERSON);
    if (kube.get('deployments.apps', 'default', 'nginx'))
      kube.delete('deployments.apps', 'default', 'nginx', PERSON);
  }
  const standIn = await startAwsStandIn({
    outputs: {
      Region: world.aws.region,
      VpcId: world.aws.network.vpcId,
      PrimaryCluster: 'pri-eks-clu1',
      SecondaryCluster: 'sec-eks-clu1',
    },
    clusters: config.clusters.map(({ name, cluster }) => ({
      // The entry is called by the cluster's ARN.
      name: name.slice(name.lastIndexOf('/') + 1),
      server: cluster['server'] ?? '',
      ca: cluster['certificate-authority-data'] ?? '',
    })),
    strangers: () => world.aws.balancers.map(({ dnsName }) => dnsName),
  });

  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const real = execFileSync('which', ['aws'], { encoding: 'utf8' }).trim();
  const programs = {
    helm: helm(folder),
    aws: aws(real, config.users[0]?.user.token ?? '', speed),
    nlbmc: nlbmc(),
  };
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  }
  writeFileSync(join(folder, 'helm-calls'), '');
  writeFileSync(join(folder, 'crd.json'), JSON.stringify(targetGroupBindingCrd('v3.5.0')));
  const env = {
    ...inside(process.env, sandbox.env),
    PATH: `${bin}:${process.env['PATH']}`,
    KUBECONFIG: join(folder, 'kubeconfig'),
    AWS_ENDPOINT_URL_CLOUDFORMATION: standIn.url,
    AWS_ENDPOINT_URL_EKS: standIn.url,
  };
  const paste = (text: string): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      const child = spawn('bash', ['--norc', '-euo', 'pipefail', '-c', text], { cwd: root, env });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
      child.stdin.end();
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, stdout, stderr }));
    });
  return {
    sandbox,
    aws: standIn,
    helmCalls: () => readFileSync(join(folder, 'helm-calls'), 'utf8').split('\n').filter(Boolean),
    paste,
    type: async (text) => {
      const outcome = await paste(text);
      if (outcome.code === 0) return outcome;
      throw new Error(`ended with ${outcome.code}:\n${outcome.stdout}\n${outcome.stderr}`);
    },
    close: async () => {
      await Promise.all([sandbox.stop(), standIn.close()]);
      rmSync(folder, { recursive: true });
    },
  };
}
