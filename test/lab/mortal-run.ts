import { AsyncLocalStorage } from 'node:async_hooks';
import { ClientRequest, type IncomingMessage } from 'node:http';
import { Sent } from '../commands/exchange.ts';

/** A run of nlbmc that dies at a write: as by `kill -9`, nothing of it goes on. */
interface Mortal {
  isDead: boolean;
  /** The writes at which runs before it have died, which it survives. */
  readonly survives: Set<string>;
  die(): void;
}

const runs = new AsyncLocalStorage<Mortal>();

/** Requests of such runs; of those that write, what they write. */
const known = new WeakMap<object, { readonly run: Mortal; readonly write: string | undefined }>();

/** What a request writes, without the time of it: AWS has actions that read, Kubernetes methods. */
function written({ method = 'GET', path = '' }: Request, body: string): string | undefined {
  const action = /(?:^|&)Action=(\w+)/.exec(body)?.[1];
  const reads = action
    ? /^(?:Describe|Get|List)/.test(action)
    : method === 'GET' || path.includes('dryRun=');
  const text = `${method} ${path} ${body}`;
  return reads ? undefined : text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>');
}

interface Request {
  readonly method?: string;
  readonly path?: string;
}
interface Prototype {
  end: (this: Request, ...args: readonly unknown[]) => unknown;
  emit: (this: Request, name: string | symbol, ...args: readonly unknown[]) => boolean;
}

/** Of requests through a socket, and of those to a server of this process. */
for (const prototype of [ClientRequest.prototype, Sent.prototype] as unknown as Prototype[]) {
  const { end, emit } = prototype;
  prototype.end = function (...args) {
    const run = runs.getStore();
    if (!run) return Reflect.apply(end, this, args);
    if (run.isDead) return this;
    const [body] = args;
    const text = typeof body === 'string' || Buffer.isBuffer(body) ? body.toString() : '';
    known.set(this, { run, write: written(this, text) });
    return Reflect.apply(end, this, args);
  };
  prototype.emit = function (name, ...args) {
    const found = known.get(this);
    if (!found) return Reflect.apply(emit, this, [name, ...args]);
    if (name === 'response') {
      const [answer] = args as readonly IncomingMessage[];
      const { run, write } = found;
      if (write && (answer?.statusCode ?? 500) < 300 && !run.survives.has(write)) {
        run.survives.add(write);
        run.die();
      }
      // Nobody reads it.
      if (found.run.isDead) answer?.resume();
    }
    return found.run.isDead || Reflect.apply(emit, this, [name, ...args]);
  };
}

/**
 * Lets `act` run nlbmc until a write has been made at which no run before it died: it never hears of the answer.
 * Gives undefined where it died so, else what came of it. `sleep` is that of the run; `survives` grows.
 */
export function untilItWrites<T>(
  o: { readonly sleep: (ms: number) => Promise<void>; readonly survives: Set<string> },
  act: (mortalSleep: (ms: number) => Promise<void>) => Promise<T>,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const run: Mortal = {
      isDead: false,
      survives: o.survives,
      die() {
        this.isDead = true;
        resolve(undefined);
      },
    };
    const mortalSleep = async (ms: number): Promise<void> => {
      if (!run.isDead) await o.sleep(ms);
      if (run.isDead) await new Promise(() => undefined);
    };
    runs.run(run, () => act(mortalSleep)).then(resolve, reject);
  });
}

/** Ends the following of promises, which costs time, when no such run is left. */
export const forgetRuns = (): void => runs.disable();
