import http from 'node:http';
import net, { type AddressInfo } from 'node:net';

/** A proxy on loopback: what it was asked, and how it leads everything to one server. */
export interface TestProxy {
  readonly url: string;
  readonly host: string;
  /** `CONNECT host:port` or `GET http://…`, with the user that came along. */
  readonly asked: string[];
  close(): void;
}

/**
 * Starts one. `to` is where it leads, whatever was asked; a number is the status it refuses with;
 * the text `hang` answers nothing.
 */
export async function testProxy(to: string | number): Promise<TestProxy> {
  const asked: string[] = [];
  const sockets = new Set<net.Socket>();
  const user = (header = ''): string => Buffer.from(header.slice(6), 'base64').toString();
  const server = http.createServer((request, response): void => {
    asked.push(`${request.method} ${request.url} ${user(request.headers['proxy-authorization'])}`);
    if (typeof to === 'number') return void response.writeHead(to).end();
    if (to === 'hang') return;
    const { pathname } = new URL(request.url ?? '');
    const { method, headers } = request;
    const onward = http.request(`${to}${pathname}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  server.on('connect', (request: http.IncomingMessage, socket: net.Socket): void => {
    asked.push(`CONNECT ${request.url} ${user(request.headers['proxy-authorization'])}`);
    socket.on('error', () => undefined);
    if (typeof to === 'number')
      return void socket.end(`HTTP/1.1 ${to} No\r\ncontent-length: 0\r\n\r\n`);
    if (to === 'hang') return;
    sockets.add(socket);
    const onward = net.connect(Number(new URL(to).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    sockets.add(onward.on('error', () => socket.destroy()));
    socket.on('close', () => onward.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://me:se%40cret@127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    asked,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
