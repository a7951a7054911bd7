// How jest runs a test file here: in the worker's own realm, with Node's own modules, which stay
// loaded and compiled from one file to the next. Why: docs/decisions/test-modules.md.
import asyncHooks from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { OneAtATime } from './one-at-a-time.js';

const require = createRequire(import.meta.url);
const { default: circus } = require('jest-circus/runner');
register('./module-hooks.js', import.meta.url);

/**
 * What a file says in its first comment: `isolated`, it gets modules of its own, and jest's object in
 * import.meta; `shared`, it needs Node's hooks, also with --watch and --coverage.
 */
const tagOf = (path) =>
  /^\/\*\*(?:(?!\*\/)[^])*@(isolated|shared)\b/.exec(readFileSync(path, 'utf8'))?.[1];

/** jest-circus keeps the state of a file in its module, and its handlers in the realm. */
function circusAfresh(path) {
  delete globalThis[Symbol.for('EVENT_HANDLERS')];
  delete require.cache[path];
  return require(path);
}

/** Loads with one-at-a-time.js in the place of AsyncLocalStorage. */
function withoutAsyncStorage(load) {
  return (path) => {
    const real = asyncHooks.AsyncLocalStorage;
    asyncHooks.AsyncLocalStorage = OneAtATime;
    try {
      return load(path);
    } finally {
      asyncHooks.AsyncLocalStorage = real;
    }
  };
}

/** `target` with some members replaced; its own methods keep it as `this`. */
const overlay = (target, members) =>
  new Proxy(target, {
    get(_, name) {
      if (Object.hasOwn(members, name)) return members[name];
      const value = target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

/** What a test changes in the environment and the console ends with its file. */
async function leavingNoTrace(console, act) {
  const { env } = process;
  const variables = { ...env };
  const before = globalThis.console;
  globalThis.console = console;
  try {
    return await act();
  } finally {
    globalThis.console = before;
    process.env = env;
    for (const name of Object.keys(env)) if (!Object.hasOwn(variables, name)) delete env[name];
    Object.assign(env, variables);
  }
}

/** jest's `testRunner`. With --watch sources change under it, and --coverage needs jest's transform. */
export default async function run(globalConfig, config, environment, runtime, path, send) {
  const { watch, watchAll, collectCoverage } = globalConfig;
  const tag = tagOf(path);
  if (tag === 'isolated' || (tag !== 'shared' && (watch || watchAll || collectCoverage))) {
    const load = withoutAsyncStorage((name) => runtime.requireInternalModule(name));
    const own = overlay(runtime, { requireInternalModule: load });
    return circus(globalConfig, config, environment, own, path, send);
  }
  const shared = overlay(runtime, {
    requireInternalModule: withoutAsyncStorage(circusAfresh),
    unstable_shouldLoadAsEsm: () => true,
    unstable_importModule: (name) => import(pathToFileURL(name).href),
  });
  const here = overlay(environment, { global: globalThis });
  return leavingNoTrace(environment.global.console, () =>
    circus(globalConfig, config, here, shared, path, send),
  );
}
