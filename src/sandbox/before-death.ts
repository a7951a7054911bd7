const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

/**
 * Runs `clean`, which must not wait for anything, before this process dies of a signal that is not
 * ended in order: the terminal was closed, or a second Ctrl-C or SIGTERM. The first of these two is
 * for others to act on; `seen` names one that came already. Gives back what ends the watch.
 */
export function beforeDeath(clean: () => void, seen?: string): () => void {
  const first = new Set<string>(['SIGINT', 'SIGTERM'].filter((name) => name !== seen));
  const die = (signal: NodeJS.Signals): void => {
    if (first.delete(signal)) return;
    end();
    clean();
    // No handler is left, so that the shell sees which signal it was.
    process.kill(process.pid, signal);
  };
  const end = (): void => SIGNALS.forEach((name) => void process.off(name, die));
  for (const name of SIGNALS) process.on(name, die);
  return end;
}
