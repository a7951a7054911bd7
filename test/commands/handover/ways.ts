import { VirtualClock } from '../../../src/sandbox/time/clock.ts';
import { type SandboxOptions, startSandbox } from '../../../src/sandbox/server.ts';
import { type Kind, Shared } from '../../sandbox/handover/shared.ts';
import { worldInProcess } from '../in-process.ts';
import type { Scene } from './watched.ts';

/** What the world is like that a load balancer is handed over in. */
export interface Way {
  readonly kind?: Kind;
  readonly withoutClass?: boolean;
  readonly joined?: boolean;
  readonly ownGroup?: boolean;
  /** How the controllers are installed. */
  readonly installed?: SandboxOptions['installed'];
}

/** Two clusters, `old` and `new`, behind the load balancer of the first one's Service, for `act`. */
export async function onShared<T>(
  { kind = 'ip', installed, ...more }: Way,
  act: (scene: Scene & { readonly shared: Shared }) => Promise<T>,
): Promise<T> {
  const sandbox = await startSandbox({
    scenario: 'new-workload',
    clusters: ['old', 'new'],
    clock: new VirtualClock(),
    plainHttp: true,
    ...(installed ? { installed } : {}),
  });
  try {
    worldInProcess(sandbox);
    const { world } = sandbox;
    const shared = new Shared(kind, { ...more, world });
    return await act({ sandbox, world, shared });
  } finally {
    await sandbox.stop();
  }
}
