import type { ServiceAnnotations } from './annotations.ts';
import { BuildError } from '../process/errors.ts';

/** The sandbox says so where upstream would go on: nothing is modelled by half. Raises BuildError. */
export function refuseUnmodelled(notes: ServiceAnnotations): void {
  const action = notes.withPrefix('actions.');
  if (action) throw new BuildError(`weighted actions (${action}) are unsupported in the sandbox`);
  const quic = 'aws-load-balancer-quic-enabled-ports';
  if ((notes.list(quic) ?? []).length > 0) {
    throw new BuildError(`QUIC (${quic}) is unsupported in the sandbox`);
  }
}
