import type { run } from '../../src/main.ts';

/** The part of jest's object that is used; ESM has it in import.meta, and its types do not know. */
interface Tool {
  resetModules(): void;
  unstable_mockModule(path: string, exports: () => unknown): void;
  unstable_unmockModule(path: string): void;
}

const { jest: tool } = import.meta as unknown as { readonly jest: Tool };

type Exports = Readonly<Record<string, unknown>>;

/**
 * Does `act` with nlbmc in which some exports of a module (path from src/) are replaced: a law whose
 * code is switched off has to be seen broken. A program loads its commands when they are run, so the
 * replacement stays until `act` has ended.
 */
export async function withMutant<T>(
  module: string,
  exports: (real: Exports) => Exports,
  act: (program: typeof run) => Promise<T>,
): Promise<T> {
  const path = `../../src/${module}`;
  const real = (await import(path)) as Exports;
  const replaced = exports(real);
  const unknown = Object.keys(replaced).filter((name) => !(name in real));
  if (unknown.length > 0) throw new Error(`${module} does not export ${unknown.join()}`);
  tool.resetModules();
  tool.unstable_mockModule(path, () => ({ ...real, ...replaced }));
  try {
    return await act((await import('../../src/main.ts')).run);
  } finally {
    tool.unstable_unmockModule(path);
    tool.resetModules();
  }
}
