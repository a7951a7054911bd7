import { isIPv4 } from 'node:net';
import type { Socket } from 'node:net';
import type { Flow } from './flow.ts';

/** What a header of version 2 begins with (haproxy, doc/proxy-protocol.txt, 2.2). */
const SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
const FIXED = 16;
/** Version 2, command PROXY or LOCAL; TCP over IPv4, or nothing that is told. */
const PROXY = 0x21;
const LOCAL = 0x20;
const TCP4 = 0x11;

const bytesOf = (address: string): number[] => address.split('.').map(Number);
const numberBytes = (port: number): number[] => [port >> 8, port & 0xff];

/**
 * The header that a load balancer sends in front of a connection: who is at its two ends. Of an address
 * that is not IPv4 it tells nothing, since the practice load balancers listen on an IPv4 loopback.
 */
export function proxyHeader({ source, destination }: Flow): Buffer {
  const told = isIPv4(source.address) && isIPv4(destination.address);
  const ends = told
    ? [
        ...bytesOf(source.address),
        ...bytesOf(destination.address),
        ...numberBytes(source.port),
        ...numberBytes(destination.port),
      ]
    : [];
  const head = told ? [PROXY, TCP4] : [LOCAL, 0];
  return Buffer.concat([SIGNATURE, Buffer.from([...head, ...numberBytes(ends.length), ...ends])]);
}

/**
 * Takes the header off a connection and calls `then` with the client's address that it tells, undefined
 * if it tells none. A connection that begins otherwise is closed, as nginx closes it.
 */
export function afterProxyHeader(socket: Socket, then: (client: string | undefined) => void): void {
  let got = Buffer.alloc(0);
  const look = (): void => {
    got = Buffer.concat([got, socket.read() ?? Buffer.alloc(0)]);
    const start = got.subarray(0, SIGNATURE.length);
    if (!start.equals(SIGNATURE.subarray(0, start.length))) return void socket.destroy();
    const length = FIXED + (got.length >= FIXED ? got.readUInt16BE(14) : 0);
    if (got.length < length) return void socket.once('readable', look);
    if (got.length > length) socket.unshift(got.subarray(length));
    const isTold = got[12] === PROXY && got[13] === TCP4;
    then(isTold ? [...got.subarray(FIXED, FIXED + 4)].join('.') : undefined);
  };
  look();
}
