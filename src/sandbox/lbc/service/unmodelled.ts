import type { KubeObject } from '../../kube/object.ts';
import type { ServiceAnnotations } from './annotations.ts';
import { BuildError } from '../process/errors.ts';
import { portsOf } from '../process/service-port.ts';

/** The sandbox says so where upstream would go on: nothing is modelled by half. */
export function refuseUnmodelled(service: KubeObject, notes: ServiceAnnotations): void {
  for (const port of portsOf(service)) {
    if (port.protocol === 'TCP') continue;
    throw new BuildError(
      `port ${port.port} has protocol ${port.protocol}: unsupported in the sandbox, which does TCP only`,
    );
  }
  if (notes.string('aws-load-balancer-ssl-cert') !== undefined) {
    throw new BuildError(
      'TLS listeners (aws-load-balancer-ssl-cert) are unsupported in the sandbox',
    );
  }
  const action = notes.withPrefix('actions.');
  if (action) throw new BuildError(`weighted actions (${action}) are unsupported in the sandbox`);
}
