import { Line } from './interleave/line.ts';
import { loadOffTheWire, type Program } from './interleave/program.ts';
import { randomFrom } from '../random.ts';
import { type Layout, runOn, type Scene, setScene } from './interleave/scene.ts';

/** A line that is killed, and what has been typed before it. */
export interface Story {
  readonly name: string;
  readonly line: string;
  readonly earlier: readonly string[];
  readonly layout?: Layout;
}

/** Longer than a drain, a deferred pass and the checks of new targets take. */
export const REST_MS = 15 * 60_000;

/** A scene in which what came before has been typed, and all is at rest. */
export async function prepare(program: Program, { earlier, layout }: Story): Promise<Scene> {
  const scene = setScene(layout);
  for (const words of earlier) {
    const { code, text } = await type(program, scene, words);
    if (code !== 0) throw new Error(`${words} ended with ${code}:\n${text}`);
  }
  scene.world.clock.advance(REST_MS);
  return scene;
}

/** How a line went. */
export interface Played {
  readonly code: number | undefined;
  readonly text: string;
  readonly requests: number;
  /** The numbers of the requests that wrote. */
  readonly writes: readonly number[];
  /** The restarts of controllers among them. */
  readonly restarts: readonly { readonly cluster: string; readonly request: number }[];
}

/** What restarts a controller, as the API server is asked for it. */
const RESTART = /^PATCH .*\/deployments\/aws-load-balancer-controller$/;

/** Types a line, which may die after a request. `longMs`: how long its pauses are at least. */
export async function type(
  program: Program,
  { world }: Scene,
  words: string,
  dieAfter?: number,
  longMs?: number,
): Promise<Played> {
  const writes: number[] = [];
  const restarts: { cluster: string; request: number }[] = [];
  const line: Line = new Line(world, {
    write: ({ cluster, name }) => {
      const request = line.requests + 1;
      if (cluster !== undefined && RESTART.test(name)) restarts.push({ cluster, request });
      return writes.push(request) > 0;
    },
    ...(dieAfter === undefined ? {} : { dieAfter }),
    ...(longMs === undefined ? {} : { longMs }),
  });
  const { code, text } = await runOn(program, line, words.split(' '));
  return { code, text, requests: line.requests, writes, restarts };
}

/** The program for the tests of a file, in which pods get the same names in each scene, so that the ends can be compared. */
export function programOfRuns(): () => Program {
  const real = Math.random;
  let program: Program;
  beforeAll(async () => {
    program = await loadOffTheWire();
  });
  beforeEach(() => {
    Math.random = randomFrom(1);
  });
  afterAll(() => {
    Math.random = real;
  });
  return () => program;
}
