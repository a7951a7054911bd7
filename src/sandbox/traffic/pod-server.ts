import { createServer, STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { AccessLogEntry } from '../workloads/pod-logs.ts';
import type { ReceivingPod } from '../workloads/receive.ts';
import { afterProxyHeader } from './proxy-protocol.ts';
import { secure } from './secure.ts';

/** nginx's keepalive_timeout and its time limit for a request's header. */
const KEEP_ALIVE_MS = 75_000;
const SILENCE_MS = 60_000;

/** Who speaks at the far end of a connection, and how its log comes to the pod. */
export interface Serve {
  readonly cluster: string;
  readonly pod: ReceivingPod;
  /** The client's address as the pod sees it. */
  readonly client: string;
  /** TLS with the pod is made: by the load balancer, for a target group of this protocol. */
  readonly encrypted: boolean;
  readonly log: (entry: AccessLogEntry) => void;
  readonly now: () => Date;
}

/**
 * Gives what speaks HTTP/1.1 on a connection in a pod's name: the body says which pod of which
 * cluster it is, so do the headers x-pod and x-cluster, and each request is logged. Where the pod
 * expects a proxy protocol header, that comes first, and tells the client's address; where it speaks TLS,
 * that comes next, with the certificate `tls`. Nothing listens: one server does for all pods, and is handed
 * their connections.
 */
export function podServer(tls: SecureContext | undefined): (socket: Socket, serve: Serve) => void {
  const serving = new WeakMap<object, Serve>();
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    const serve = serving.get(request.socket);
    // A process that hangs reads nothing more from the connections that it has.
    if (serve?.pod.answers()) answer(request, response, serve);
  });
  server.timeout = SILENCE_MS;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const serve = serving.get(socket);
    const body = '<html><body><h1>400 Bad Request</h1></body></html>\n';
    if (serve) note(serve, { requestLine: '-', status: 400, bytes: body.length, userAgent: '-' });
    socket.end(
      `HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
  });
  const take = (plain: Socket, serve: Serve): void => {
    serving.set(plain, serve);
    server.emit('connection', plain);
  };
  const greet = (socket: Socket, serve: Serve): void => {
    if (!serve.pod.speech.tls || serve.encrypted) return take(socket, serve);
    secure(socket, tls, (plain) => take(plain, serve));
  };
  return (socket, serve) => {
    if (!serve.pod.speech.proxyProtocol) return greet(socket, serve);
    socket.setTimeout(SILENCE_MS, () => socket.destroy());
    afterProxyHeader(socket, (client = serve.client) => greet(socket, { ...serve, client }));
  };
}

function answer(request: IncomingMessage, response: ServerResponse, serve: Serve): void {
  const { cluster, pod } = serve;
  const body = `pod ${pod.name} of ${cluster}\n`;
  const status = 200;
  const isHead = request.method === 'HEAD';
  response.writeHead(status, STATUS_CODES[status], {
    server: /(^|\/)nginx(:|@|$)/.test(pod.image) ? 'nginx' : pod.name,
    'content-type': 'text/plain',
    'content-length': body.length,
    'x-pod': pod.name,
    'x-cluster': cluster,
  });
  note(serve, {
    requestLine: `${request.method} ${request.url} HTTP/${request.httpVersion}`,
    status,
    bytes: isHead ? 0 : body.length,
    userAgent: request.headers['user-agent'] ?? '-',
  });
  response.end(isHead ? undefined : body);
}

function note(serve: Serve, entry: Omit<AccessLogEntry, 'at' | 'client'>): void {
  serve.log({ ...entry, at: serve.now(), client: serve.client });
}
