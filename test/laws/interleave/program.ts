import type { Io } from '../../../src/io.ts';
import { requestHandler } from './aws-wire.ts';
import { send } from './kube-wire.ts';

/** nlbmc's entry, with its requests taken off the wire. */
export type Program = (argv: readonly string[], io: Io) => Promise<number>;

/** A module of nlbmc (path from src/) with some of its exports replaced. */
export interface Mutation {
  readonly module: string;
  readonly exports: (real: Record<string, unknown>) => Record<string, unknown>;
}

/** The part of jest's object that is used; ESM has it in import.meta, and its types do not know. */
interface Tool {
  resetModules(): void;
  unstable_mockModule(path: string, exports: () => unknown): void;
  unstable_unmockModule(path: string): void;
}

const { jest: tool } = import.meta as unknown as { readonly jest: Tool };

/** What the program loaded last has replaced: the next one starts from the real modules. */
const replacedNow: string[] = [];

const sdks = ['elbv2-sdk.ts', 'ec2-sdk.ts', 'sts-sdk.ts'] as const;

interface Client {
  new (config: object): object;
}

/** The SDK's names, each client sending its requests through the handler. */
async function rewired(path: string): Promise<Record<string, unknown>> {
  const real = (await import(path)) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(real).map(([name, value]) => {
      if (!name.endsWith('Client')) return [name, value];
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
}

/**
 * Loads nlbmc afresh. Only the last step of each request is replaced, where bytes would go to a
 * socket; with mutations, also what they name. The product has no seam for either. One at a time: a
 * program loads its commands when they are run, from the modules that were loaded last.
 */
export async function loadProgram(...mutations: readonly Mutation[]): Promise<Program> {
  for (const path of replacedNow.splice(0)) tool.unstable_unmockModule(path);
  tool.resetModules();
  const replaced = new Map<string, Record<string, unknown>>([
    ['../../../src/kube/transport.ts', { send }],
  ]);
  for (const name of sdks) {
    const path = `../../../src/aws/${name}`;
    replaced.set(path, await rewired(path));
  }
  for (const { module, exports } of mutations) {
    const path = `../../../src/${module}`;
    const real = (await import(path)) as Record<string, unknown>;
    replaced.set(path, { ...real, ...exports(real) });
  }
  tool.resetModules();
  for (const [path, exports] of replaced) tool.unstable_mockModule(path, () => exports);
  replacedNow.push(...replaced.keys());
  const { run } = await import('../../../src/main.ts');
  return run;
}
