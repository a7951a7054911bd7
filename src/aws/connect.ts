import type { EC2Client } from '@aws-sdk/client-ec2';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { STSClient } from '@aws-sdk/client-sts';
import { setMaxListeners } from 'node:events';
import type { Reading } from '../core/model/problem.ts';
import { unknown } from '../core/model/problem.ts';
import { type Agents, agentsFor } from './agents.ts';
import { call } from './call.ts';
import type { Call } from './endpoint.ts';
import { type Credentials, credentialsFor } from './credentials.ts';
import { endpointOf, type Service } from './endpoint.ts';
import type { AwsOptions } from './options.ts';
import { problemOf } from './problem.ts';

/** AWS as one set of credentials reaches it, in any region. Nothing is loaded before the first call. */
export interface AwsClient {
  /** Profile that is tried, undefined when none is named. */
  readonly profile: string | undefined;
  /** Keys to sign with; rejects with the SDK's error where there are none. */
  readonly keys: Credentials['keys'];
  elbv2<Output>(
    about: AboutCall,
    send: SendBy<ElasticLoadBalancingV2Client, Elbv2Sdk, Output>,
  ): Promise<Reading<Output>>;
  ec2<Output>(about: AboutCall, send: SendBy<EC2Client, Ec2Sdk, Output>): Promise<Reading<Output>>;
  sts<Output>(about: AboutCall, send: SendBy<STSClient, StsSdk, Output>): Promise<Reading<Output>>;
  /** Loads the code for Elastic Load Balancing: to be called while something else is waited for. */
  load(): void;
  /** Closes idle connections. */
  close(): void;
}

export type AboutCall = Omit<Call, 'service'>;

type Elbv2Sdk = typeof import('./elbv2-sdk.ts');
type Ec2Sdk = typeof import('./ec2-sdk.ts');
type StsSdk = typeof import('./sts-sdk.ts');
type SendBy<Client, Sdk, Output> = (
  client: Client,
  sdk: Sdk,
  o: { readonly abortSignal: AbortSignal },
) => Promise<Output>;

/** Prepares to talk to AWS: no module is loaded, no credential looked for, nothing sent. */
export function connectAws(o: AwsOptions): AwsClient {
  // Every call listens to it, and many are made side by side.
  if (o.signal) setMaxListeners(0, o.signal);
  const credentials = credentialsFor(o);
  const open: { destroy(): void }[] = [];
  let agents: Agents | undefined;
  // Made with the first client: without any, nothing is read. One agent for all of them.
  const handler = () => {
    agents ??= agentsFor(o.env);
    return agents && { requestHandler: agents };
  };

  /** One client a region, made when it is first needed, all with the one credential provider. */
  const perRegion = <Client extends { destroy(): void }>(
    make: (region: string) => Promise<Client>,
  ): ((region: string) => Promise<Client>) => {
    const made = new Map<string, Promise<Client>>();
    return (region) => {
      const client = made.get(region) ?? make(region).then((ready) => (open.push(ready), ready));
      made.set(region, client);
      return client;
    };
  };
  const config = async (service: Service, region: string) => {
    const endpoint = endpointOf(service, o.env);
    return {
      region,
      credentials: await credentials.provider(),
      // Retries are made in call.ts.
      maxAttempts: 1,
      retryMode: 'standard',
      defaultsMode: 'standard' as const,
      ...(endpoint && { endpoint }),
      ...handler(),
    };
  };
  const elbv2Sdk = once(() => import('./elbv2-sdk.ts'));
  const ec2Sdk = once(() => import('./ec2-sdk.ts'));
  const stsSdk = once(() => import('./sts-sdk.ts'));
  const elbv2 = perRegion(async (region) => {
    const { ElasticLoadBalancingV2Client } = await elbv2Sdk();
    return new ElasticLoadBalancingV2Client(await config('elbv2', region));
  });
  const ec2 = perRegion(async (region) => {
    const { EC2Client } = await ec2Sdk();
    return new EC2Client(await config('ec2', region));
  });
  const sts = perRegion(async (region) => {
    const { STSClient } = await stsSdk();
    return new STSClient(await config('sts', region));
  });

  const run = async <Client, Sdk, Output>(
    about: Call,
    client: (region: string) => Promise<Client>,
    load: () => Promise<Sdk>,
    send: SendBy<Client, Sdk, Output>,
  ): Promise<Reading<Output>> => {
    const place = { ...about, profile: credentials.profile, requestTimeoutMs: o.requestTimeoutMs };
    // Outside the request's own time: a login may take longer than an answer.
    const found = await raced(
      o.signal,
      credentials.provider().then((provider) => provider()),
    );
    if (found.kind !== 'done') return unknown(problemOf(found, place));
    return call({ ...o, triedProfile: credentials.profile }, about, async (abortSignal) => {
      const [ready, sdk] = await Promise.all([client(about.region), load()]);
      return send(ready, sdk, { abortSignal });
    });
  };

  return {
    profile: credentials.profile,
    keys: (wanted) => credentials.keys(wanted),
    elbv2: (about, send) => run({ ...about, service: 'elbv2' }, elbv2, elbv2Sdk, send),
    ec2: (about, send) => run({ ...about, service: 'ec2' }, ec2, ec2Sdk, send),
    sts: (about, send) => run({ ...about, service: 'sts' }, sts, stsSdk, send),
    // Where it fails, the first call says so.
    load: () => void elbv2Sdk().catch(() => undefined),
    close: () => open.forEach((client) => client.destroy()),
  };
}

/** Loads at the first need. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => (loaded ??= load());
}

/** Waits for credentials, but no longer than the person does: a login helper may hang. */
async function raced(
  signal: AbortSignal | undefined,
  work: Promise<unknown>,
): Promise<{ kind: 'done' } | { kind: 'interrupted' } | { kind: 'error'; error: unknown }> {
  if (signal?.aborted) return { kind: 'interrupted' };
  let stop = (): void => undefined;
  const interrupted = new Promise<{ kind: 'interrupted' }>((resolve) => {
    stop = () => resolve({ kind: 'interrupted' });
    signal?.addEventListener('abort', stop, { once: true });
  });
  const done = work.then(
    () => ({ kind: 'done' }) as const,
    (error: unknown) => ({ kind: 'error', error }) as const,
  );
  const first = await Promise.race([done, interrupted]);
  signal?.removeEventListener('abort', stop);
  return first;
}
