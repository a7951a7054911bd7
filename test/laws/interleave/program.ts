import { loadProgram, type Mutation } from '../program.ts';
import { requestHandler } from './aws-wire.ts';
import { follow, send } from './kube-wire.ts';

/** nlbmc's entry, with its requests taken off the wire. */
export type Program = Awaited<ReturnType<typeof loadProgram>>;

interface Client {
  new (config: object): object;
}

/** Each client of an SDK sends its requests through the handler. */
const rewired: Mutation['exports'] = (real) =>
  Object.fromEntries(
    Object.entries(real)
      .filter(([name]) => name.endsWith('Client'))
      .map(([name, value]) => {
        const Sdk = value as Client;
        return [
          name,
          class extends Sdk {
            constructor(config: object) {
              super({ ...config, requestHandler });
            }
          },
        ];
      }),
  );

const offTheWire: readonly Mutation[] = [
  { module: 'kube/transport.ts', exports: () => ({ follow, send }) },
  ...['elbv2-sdk.ts', 'ec2-sdk.ts', 'sts-sdk.ts'].map((name) => ({
    module: `aws/${name}`,
    exports: rewired,
  })),
];

/** Loads nlbmc with only the last step of each request replaced, where bytes would go to a socket. */
export const loadOffTheWire = (...mutations: readonly Mutation[]): Promise<Program> =>
  loadProgram(...offTheWire, ...mutations);
