import { Agent, request } from 'node:http';
import { startCluster } from '../../../../src/sandbox/kube/cluster/start-cluster.ts';
import { serveKube } from '../../../../src/sandbox/kube/http/serve.ts';
import { targetGroupBindingCrd } from '../../../../src/sandbox/lbc/install/crd.ts';
import { Faults } from '../../../../src/sandbox/requests/faults.ts';
import { Journal } from '../../../../src/sandbox/requests/journal.ts';
import { VirtualClock } from '../../../../src/sandbox/time/clock.ts';
import type { Ask } from './exchange.ts';

const TOKEN = 'practice';

/** The definition that both servers have. */
export const bindingCrd = targetGroupBindingCrd('v3.5.0');

/** A cluster without controllers of workloads or load balancers, behind plain HTTP. */
export async function startPractice(): Promise<{ readonly ask: Ask; close(): Promise<void> }> {
  const clock = new VirtualClock();
  const journal = new Journal(clock);
  const cluster = startCluster({ name: 'practice', clock, journal });
  const server = await serveKube(cluster, { token: TOKEN, journal, faults: new Faults(), clock });
  const agent = new Agent({ keepAlive: true });
  const ask: Ask = ({ verb, path, body, type, user }) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const asked = request(server.url + path, {
        method: verb,
        agent,
        headers: {
          authorization: `Bearer ${TOKEN}`,
          'user-agent': 'golden',
          ...(user && { 'impersonate-user': user }),
          ...(text !== undefined && {
            'content-type': type ?? 'application/json',
            'content-length': Buffer.byteLength(text),
          }),
        },
      });
      asked.on('error', reject);
      asked.on('response', (response) => {
        let answer = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (answer += chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: parsed(answer) }),
        );
      });
      asked.end(text);
    });
  await ask({
    verb: 'POST',
    path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    body: bindingCrd,
  });
  return {
    ask,
    async close() {
      agent.destroy();
      await server.close();
    },
  };
}

/** JSON, or the text itself. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
