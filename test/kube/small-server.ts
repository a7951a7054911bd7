import http from 'node:http';
import https from 'node:https';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a small server answers: a status and a body (an object as JSON), or the raw response. */
export type Handler = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
) => { status?: number; body?: unknown; headers?: Record<string, string> } | void;

export interface SmallServer {
  readonly url: string;
  readonly requests: {
    method: string;
    url: string;
    headers: http.IncomingHttpHeaders;
    body: string;
  }[];
  /** TCP connections so far. */
  connections(): number;
  close(): Promise<void>;
}

/** An HTTP(S) server on loopback that answers as a test says: for answers that no sandbox gives. */
export async function smallServer(
  handler: Handler,
  tls?: { cert: string; key: string; ca?: string; requestCert?: boolean },
): Promise<SmallServer> {
  const requests: SmallServer['requests'] = [];
  const listener: http.RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      requests.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      const answer = handler(request, response);
      if (!answer) return;
      const text =
        typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {});
      response.writeHead(answer.status ?? 200, answer.headers);
      response.end(text);
    });
  };
  const server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  let connections = 0;
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A folder for a test's files, removed by `remove`. */
export function folder(): {
  path: string;
  write(name: string, text: string, mode?: number): string;
  remove(): void;
} {
  const path = mkdtempSync(join(tmpdir(), 'nlbmc-test-'));
  return {
    path,
    write(name, text, mode = 0o600) {
      writeFileSync(join(path, name), text, { mode });
      return join(path, name);
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** A kubeconfig with one context, cluster and user, all called `here`, as JSON (which is YAML). */
export const kubeconfig = (server: string, user: object = {}, cluster: object = {}): string =>
  JSON.stringify({
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'here', user: 'here', namespace: 'shop' } }],
    clusters: [{ name: 'here', cluster: { server, ...cluster } }],
    users: [{ name: 'here', user }],
  });

/** A Status as kube-apiserver sends it. */
export const status = (code: number, reason: string, message: string, details: object = {}) => ({
  status: code,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message, details },
});
