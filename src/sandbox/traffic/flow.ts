import { createHash } from 'node:crypto';

/** The two ends of a TCP connection. */
export interface Flow {
  readonly source: { readonly address: string; readonly port: number };
  readonly destination: { readonly address: string; readonly port: number };
}

/**
 * A number from 0 up to 1 for a flow, always the same: what network load balancers choose a target
 * by (protocol, source and destination address and port; NLB guide, routing algorithm). `salt` makes
 * choices independent of one another; a `sticky` choice looks at the source address only.
 */
export function flowHash(flow: Flow, salt: string, sticky = false): number {
  const { source, destination } = flow;
  const parts = sticky
    ? [source.address]
    : ['tcp', source.address, source.port, destination.address, destination.port];
  const digest = createHash('sha256')
    .update([salt, ...parts].join(' '))
    .digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}
