import { Agent, request } from 'node:https';
import type { Ask } from '../sandbox/kube/golden/exchange.ts';
import { parsed } from '../sandbox/kube/golden/practice.ts';
import type { ApiServer } from './api-server.ts';

/** Sends requests to a real API server as its administrator, over connections that stay open. */
export function apiClient(
  server: Pick<ApiServer, 'url' | 'tokens'>,
  ca: string,
): { readonly ask: Ask; readonly close: () => void } {
  const agent = new Agent({ keepAlive: true, ca });
  const ask: Ask = ({ verb, path, body, type, user }) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const asked = request(server.url + path, {
        method: verb,
        agent,
        headers: {
          authorization: `Bearer ${server.tokens.admin}`,
          // The manager of what is written.
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
  return { ask, close: () => agent.destroy() };
}
