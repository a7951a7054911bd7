/** Does some work as soon as it is its turn, and gives what the work gives. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** Requests of one run that are on their way at the same time: docs/decisions/requests-at-once.md. */
export const requestsAtOnce = 256;
/** Credential plugins of one run that are running at the same time: each is a program such as `aws`. */
export const pluginsAtOnce = 8;

/**
 * At most `width` works at the same time; others wait for their turn, first come, first served. Work that
 * takes longer than `patienceMs` goes on, but makes room: what hangs (an API server behind a VPN that
 * is off) may not hold up the others. Work must not wait for other work of the same turns.
 */
export function atMost(width: number, patienceMs: number): InTurn {
  let running = 0;
  const waiting: (() => void)[] = [];
  const turn = async (): Promise<void> => {
    // Work that ends hands its room over, so the number stays.
    if (running >= width) return new Promise((go) => void waiting.push(go));
    running += 1;
  };
  return async (work) => {
    await turn();
    let hasRoom = true;
    const makeRoom = (): void => {
      if (!hasRoom) return;
      hasRoom = false;
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    };
    const late = setTimeout(makeRoom, patienceMs);
    // What hangs keeps the process, this does not.
    late.unref();
    try {
      return await work();
    } finally {
      clearTimeout(late);
      makeRoom();
    }
  };
}
