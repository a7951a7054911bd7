import type { Left } from './left.ts';
import type { Scenario } from './stage.ts';
import { besides } from './side-jobs.ts';

interface Awaited {
  readonly left: Promise<Left | string>;
  readonly settle: (left: Left | string) => void;
}

/** The same scenarios in the sandbox, played in a process of its own while the lab plays them. */
export class SandboxSide {
  readonly #lefts = new Map<string, Awaited>();
  #over: Promise<void> | undefined;

  constructor(scenarios: readonly Scenario[]) {
    for (const { name } of scenarios) {
      let settle: Awaited['settle'] = () => undefined;
      const left = new Promise<Left | string>((resolve) => (settle = resolve));
      this.#lefts.set(name, { left, settle });
    }
  }

  /** Begins with controllers of the lab's version, such as v3.2.2; a second call does nothing. */
  begin(version: string): void {
    const names = [...this.#lefts.keys()];
    if (names.length === 0) return;
    this.#over ??= besides({ kind: 'sandbox', names, version }, (told) => {
      if (told.kind === 'left') this.#lefts.get(told.name)?.settle(told.left);
    }).catch((error: unknown) => {
      for (const { settle } of this.#lefts.values()) settle(String(error));
    });
  }

  /** What a scenario left, or in words why it did not come to its end. */
  left({ name }: Scenario): Promise<Left | string> {
    const found = this.#lefts.get(name);
    if (!found) throw new Error(`the sandbox does not play ${name}`);
    return found.left;
  }

  /** Waits for the end of its process. */
  async end(): Promise<void> {
    await this.#over;
  }
}
