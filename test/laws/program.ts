import type { run } from '../../src/main.ts';

type Exports = Readonly<Record<string, unknown>>;

/** A module of nlbmc (path from src/), and what some of its exports become. */
export interface Mutation {
  readonly module: string;
  readonly exports: (real: Exports) => Exports;
}

/** By number of the program and path of the module; scripts/jest/module-hooks.js reads it. */
const REPLACED = Symbol.for('nlbmc.test.replaced');
const shared = globalThis as unknown as { [REPLACED]?: Map<string, Exports> };
const replaced = (shared[REPLACED] ??= new Map());
let programs = 0;

/**
 * Loads nlbmc with modules of its own, of which some exports are replaced. The rest of what runs, the sandbox
 * and the libraries, is that of all tests. The product has no seam for it.
 */
export async function loadProgram(...mutations: readonly Mutation[]): Promise<typeof run> {
  const main = new URL('../../src/main.ts', import.meta.url);
  const id = String((programs += 1));
  main.searchParams.set('program', id);
  for (const { module, exports } of mutations) {
    const real = (await import(`../../src/${module}`)) as Exports;
    const key = JSON.stringify([id, module]);
    const all = { ...replaced.get(key), ...exports(real) };
    const unknown = Object.keys(all).filter((name) => !(name in real));
    if (unknown.length > 0) throw new Error(`${module} does not export ${unknown.join()}`);
    replaced.set(key, all);
    main.searchParams.set(module, Object.keys(all).join());
  }
  return ((await import(main.href)) as { run: typeof run }).run;
}
