import { join } from 'node:path';
import { shellQuote } from './environment.ts';
import { templatePath } from './scenarios/manifests.ts';
import { LOAD_BALANCER } from './scenarios/no-owner.ts';
import { scenarios, type ScenarioName } from './scenarios/scenarios.ts';
import { BALANCERS_FILE, type Sandbox } from './server.ts';
import type { Addresses } from './traffic/traffic.ts';

/** What runs, and what to type next; for stderr. `program` is how nlbmc was called. */
export function sandboxStory(
  { world, dir, socket, traffic }: Sandbox,
  scenario: ScenarioName,
  speed: number,
  program: string,
): string {
  const names = [...world.clusters.keys()];
  const addresses = traffic.addresses();
  const pace = speed === 1 ? 'real time (--speed 20 makes it faster)' : `${speed} times real time`;
  const versions = names.map((name) => {
    const { lbc, autoMode } = world.cluster(name);
    const kinds = [
      ...(lbc.installed ? [`controller ${lbc.version}`] : []),
      ...(autoMode ? ['EKS Auto Mode'] : []),
    ];
    return `${name} (${kinds.join(', ')})`;
  });
  return [
    'A practice world runs on this machine. It uses no real cluster and no real AWS account.',
    `  clusters  ${versions.join(', ')}`,
    `  scenario  ${scenario}: ${scenarios[scenario].summary}`,
    `  speed     ${pace}`,
    `  files     ${dir} (removed at exit)`,
    `  control   ${socket}`,
    `  ACM       ${[...world.aws.certificates].join(', ')} (for TLS listeners)`,
    ...trafficLines(addresses).map((line, i) => `  ${i === 0 ? 'traffic ' : '        '}  ${line}`),
    '',
    'In another terminal:',
    `  . ${shellQuote(join(dir, 'env.sh'))}`,
    ...steps(scenario, names, program).map((step) => `  ${step}`),
    ...requests(addresses, names, scenarios[scenario].app).map((step) => `  ${step}`),
    '',
    'Faults and controllers while it runs:',
    `  ${program} sandbox ctl --help`,
    '',
    'Press Ctrl-C to stop it.',
    '',
  ].join('\n');
}

/** DNS names do not resolve here, so these lines have the address of each listener. */
function trafficLines(addresses: Addresses): string[] {
  const lines = Object.entries(addresses).flatMap(([name, ports]) =>
    Object.entries(ports).map(([port, address]) => `${address} is port ${port} of ${name}`),
  );
  if (lines.length === 0) return [`no load balancer yet; ${BALANCERS_FILE} will have its address`];
  return [...lines, `(${BALANCERS_FILE} always has the current list)`];
}

/** Requests to type, and the logs of the pods that answer them. */
function requests(addresses: Addresses, names: readonly string[], app: string): string[] {
  const [first] = Object.values(addresses).flatMap((ports) => Object.values(ports));
  if (!first) return [];
  return [
    `curl http://${first}/`,
    ...names.map((name) => `kubectl logs deployment/${app} --tail=2 --context ${name}`),
  ];
}

function steps(scenario: ScenarioName, names: readonly string[], program: string): string[] {
  const [primary = '', secondary] = names;
  if (scenario === 'no-owner') {
    const others = names.slice(1).map((name) => `--context ${name} --primary ${primary}`);
    return [
      `aws elbv2 describe-load-balancers --names ${LOAD_BALANCER}`,
      ...[`--context ${primary} --load-balancer ${LOAD_BALANCER}`, ...others].map(
        (place) => `${program} join web ${place}`,
      ),
      `${program} verify web --context ${names.join(',')}`,
    ];
  }
  const { app } = scenarios[scenario];
  const join = `${program} join ${app} --context ${secondary} --primary ${primary}`;
  const empty = scenario === 'walkthrough' || scenario === 'new-workload';
  return [
    ...(scenario === 'new-workload' ? [apply('app/service-primary.yaml', primary)] : []),
    `${program} enable ${app} --context ${primary}`,
    ...(secondary && empty ? [apply('app/deployment.yaml', secondary)] : []),
    ...(secondary ? [empty ? `${join} --create-service` : join] : []),
    `${program} verify ${app} --context ${names.join(',')}`,
  ];
}

function apply(file: string, context: string): string {
  return `kubectl apply --context ${context} -f ${shellQuote(templatePath(file))}`;
}
