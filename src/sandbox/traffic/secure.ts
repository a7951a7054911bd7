import type { Socket } from 'node:net';
import { TLSSocket, type SecureContext } from 'node:tls';

/**
 * Ends TLS on a connection as its server, then calls `then` with what is plain. Without `context`
 * everybody is refused; a client that does not speak TLS is cut off.
 */
export function secure(
  socket: Socket,
  secureContext: SecureContext | undefined,
  then: (plain: Socket) => void,
): void {
  if (!secureContext) return void socket.resetAndDestroy();
  const plain = new TLSSocket(socket, { isServer: true, secureContext });
  plain.on('error', () => socket.destroy());
  // Not within the handshake: what answers at once would be lost.
  plain.once('secure', () => setImmediate(then, plain));
}
