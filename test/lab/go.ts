import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What the lab needs and does not have: a sentence for the person who started it. */
export class MissingError extends Error {}

const run = promisify(execFile);
/** Longer than the slowest build on a small machine. */
const BUILD_MS = 40 * 60_000;

/** The Go toolchain of this machine. */
export class Go {
  readonly #env: Readonly<Record<string, string | undefined>>;

  private constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#env = { CGO_ENABLED: '0', GOWORK: 'off', ...env };
  }

  static async find(env: Readonly<Record<string, string | undefined>>): Promise<Go | undefined> {
    const go = new Go(env);
    return go.run(['version'], '/').then(
      () => go,
      () => undefined,
    );
  }

  async run(args: readonly string[], cwd: string, env: object = {}): Promise<string> {
    const o = { cwd, env: { ...this.#env, ...env }, timeout: BUILD_MS, maxBuffer: 2 ** 26 };
    const { stdout } = await run('go', [...args], o);
    return stdout;
  }

  /** `path@version` of the module that a binary was built from. */
  async moduleOf(binary: string): Promise<string> {
    const text = await this.run(['version', '-m', binary], '/');
    const [, path, version] = /^\tmod\t(\S+)\t(\S+)/m.exec(text) ?? [];
    if (path && version && version !== '(devel)') return `${path}@${version}`;
    throw new MissingError(
      `${binary} does not tell which version it was built from: build it with \`go install\`.`,
    );
  }

  /** Folder of a module in the module cache, fetched if it is not there. */
  async sourceOf(module: string): Promise<string> {
    const answer = await this.run(['mod', 'download', '-json', module], '/');
    return (JSON.parse(answer) as { Dir: string }).Dir;
  }
}
