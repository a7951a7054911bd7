/**
 * `npm run demo`: two clusters behind one load balancer in the sandbox, as a person would type it,
 * and then an inspection that does not trust nlbmc: both APIs are read here by plain HTTP. A Service
 * of the first cluster owns the load balancer; with `-- --no-owner` no cluster owns it. Other
 * arguments go to `nlbmc sandbox`, such as `-- --stop-controller sec-eks-clu1`, with which it has to
 * fail.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';

const root = new URL('..', import.meta.url);
const path = (name) => fileURLToPath(new URL(name, root));
const NO_OWNER = '--no-owner';

/** Runs a program with this terminal as its own; resolves to its exit code. */
const run = (program, args) =>
  new Promise((resolve) => {
    spawn(program, args, { stdio: 'inherit' }).on('exit', (code, signal) =>
      resolve(signal ? 130 : code),
    );
  });

const say = (text) => process.stdout.write(`${text}\n`);
const fail = (text) => {
  throw new Error(text);
};

async function nlbmc(...args) {
  say(`\n$ nlbmc ${args.join(' ')}`);
  const code = await run(process.execPath, [path('bin/nlbmc.js'), ...args]);
  if (code !== 0) fail(`nlbmc ${args[0]} ended with exit code ${code}`);
}

/** One HTTP request; resolves to the body of a 2xx answer. */
const fetchText = (request, url, options, body) =>
  new Promise((resolve, reject) => {
    const sent = request(url, { timeout: 10_000, ...options }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      answer.on('end', () =>
        answer.statusCode < 300 ? resolve(text) : reject(new Error(reasonIn(text))),
      );
    });
    sent.on('timeout', () => sent.destroy(new Error(`${url}: no answer`)));
    sent.on('error', reject).end(body);
  });

/** What a refusal says: the message of a Kubernetes Status or an AWS error, else all of it. */
function reasonIn(text) {
  const xml = /<Message>(.*?)<\/Message>/s.exec(text);
  if (xml) return xml[1];
  try {
    return JSON.parse(text).message ?? text;
  } catch {
    return text;
  }
}

const kubeconfig = () => load(readFileSync(process.env.KUBECONFIG, 'utf8'));

async function kube(context, apiPath, document) {
  const config = kubeconfig();
  const named = (list, name) => list.find((item) => item.name === name);
  const { context: chosen } = named(config.contexts, context);
  const { cluster } = named(config.clusters, chosen.cluster);
  const { user } = named(config.users, chosen.user);
  const options = {
    method: document ? 'POST' : 'GET',
    ca: Buffer.from(cluster['certificate-authority-data'], 'base64'),
    headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/json' },
  };
  const body = document && JSON.stringify(document);
  const asked = fetchText(httpsRequest, `${cluster.server}${apiPath}`, options, body);
  return JSON.parse(await asked.catch(({ message }) => fail(`${context} refused: ${message}`)));
}

async function elbv2(action, fields) {
  const body = new URLSearchParams({ Action: action, Version: '2015-12-01', ...fields });
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    authorization: `AWS4-HMAC-SHA256 Credential=${process.env.AWS_ACCESS_KEY_ID}/20260101/${process.env.AWS_REGION}/elasticloadbalancing/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
  };
  const options = { method: 'POST', headers };
  return fetchText(httpRequest, process.env.AWS_ENDPOINT_URL, options, body.toString());
}

async function targetHealth(arn) {
  const xml = await elbv2('DescribeTargetHealth', { TargetGroupArn: arn });
  const target = /<Target>.*?<Id>(.*?)<\/Id>.*?<Port>(.*?)<\/Port>.*?<State>(.*?)<\/State>/gs;
  return [...xml.matchAll(target)].map(([, id, port, state]) => ({ key: `${id}:${port}`, state }));
}

/** Step 5 of the walkthrough: the app and a ClusterIP Service in the second cluster. */
async function deployIn(secondary) {
  const files = ['app/deployment.yaml', 'app/service-secondary.yaml'];
  say(`\n# the same app in ${secondary}: ${files.map((name) => `templates/${name}`).join(', ')}`);
  const document = (name) => load(readFileSync(path(`templates/${name}`), 'utf8'));
  const [deployment, service] = files.map(document);
  await kube(secondary, '/apis/apps/v1/namespaces/default/deployments', deployment);
  await kube(secondary, '/api/v1/namespaces/default/services', service);
}

/** Targets of both clusters are healthy, and each is tracked by exactly one ConfigMap. */
async function inspect(contexts) {
  say('\n# both APIs, read without nlbmc');
  const bindings = '/apis/elbv2.k8s.aws/v1beta1/namespaces/default/targetgroupbindings';
  const arn = (await kube(contexts[0], bindings)).items[0].spec.targetGroupARN;
  const health = await targetHealth(arn);
  const owners = new Map(health.map(({ key }) => [key, []]));
  for (const context of contexts) {
    const { items } = await kube(context, '/api/v1/namespaces/default/configmaps');
    const tracked = items
      .filter(({ metadata }) => metadata.name.startsWith('aws-lbc-targets-'))
      .flatMap(({ data }) => data.targets.split(',').filter(Boolean));
    for (const key of tracked) owners.get(key)?.push(context);
    const healthy = health.filter(({ key, state }) => state === 'healthy' && tracked.includes(key));
    say(`${context}: ${tracked.length} tracked, ${healthy.length} healthy`);
    if (healthy.length === 0) fail(`${context} has no healthy target`);
    if (healthy.length < tracked.length) fail(`${context} has targets that are not healthy`);
  }
  const shared = [...owners].filter(([, contexts]) => contexts.length !== 1);
  if (shared.length > 0)
    fail(`not tracked by exactly one ConfigMap: ${shared.map(([key]) => key).join(', ')}`);
}

/** A Service of the first cluster made the load balancer, and owns it. */
async function playOwned([primary, secondary]) {
  await deployIn(secondary);
  await nlbmc('enable', 'nginx', '--context', primary);
  await nlbmc('join', 'nginx', '--context', secondary, '--primary', primary);
  await nlbmc('verify', 'nginx', '--context', `${primary},${secondary}`);
}

/** The AWS API made the load balancer, as Terraform does, and no cluster owns it. */
async function playNoOwner([first, second]) {
  const [, name] = /<LoadBalancerName>(.*?)</.exec(await elbv2('DescribeLoadBalancers', {})) ?? [];
  if (!name) fail('the AWS API has no load balancer');
  say(`\n# load balancer ${name} is from the AWS API; web runs in ${first} and ${second}`);
  await nlbmc('join', 'web', '--context', first, '--load-balancer', name);
  await nlbmc('join', 'web', '--context', second, '--primary', first);
  await nlbmc('verify', 'web', '--context', `${first},${second}`);
}

async function play(layout) {
  const contexts = kubeconfig()
    .contexts.map(({ name }) => name)
    .slice(0, 2);
  await (layout === NO_OWNER ? playNoOwner : playOwned)(contexts);
  await inspect(contexts);
  say('\nThe demo holds: one load balancer, two clusters, every target accounted for.');
}

const [, self, ...args] = process.argv;
if (args[0] === 'inside') {
  try {
    await play(args[1]);
  } catch (error) {
    say(`\nThe demo failed: ${error.message}`);
    process.exitCode = 1;
  }
} else {
  const noOwner = args.includes(NO_OWNER);
  const others = args.filter((one) => one !== NO_OWNER);
  const scenario = noOwner ? ['--scenario', 'no-owner'] : [];
  const sandbox = ['sandbox', '--speed', '60', ...scenario, ...others];
  const inside = ['--', process.execPath, self, 'inside', ...(noOwner ? [NO_OWNER] : [])];
  process.exitCode = await run(process.execPath, [path('bin/nlbmc.js'), ...sandbox, ...inside]);
}
