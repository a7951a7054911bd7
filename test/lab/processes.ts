import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';

/** How long a process may take to end by itself before it is killed. */
const GRACE_MS = 5_000;

/** Go's collector takes a quarter of what a server needs to start; here memory is cheaper than time. */
const LAZY_COLLECTOR = { GOGC: '400' };

/**
 * Waits for the end of its input, which is the end of the program that started it, however that
 * came: then it kills the process groups that it was told. `-` takes a group back.
 */
const REAPER = `
groups=" "
while read -r line; do
  case "$line" in
    -*) groups=$(printf '%s' "$groups" | sed "s/ \${line#-} / /") ;;
    *) groups="$groups$line " ;;
  esac
done
for group in $groups; do kill -s TERM -- "-$group" 2>/dev/null; done
[ "$groups" = " " ] || sleep 2
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
`;

/** A program of the lab that runs in a process group of its own. */
export interface LabProcess {
  readonly name: string;
  /** File with all that it wrote to stdout and stderr. */
  readonly log: string;
  /** All that it has written so far. */
  output(): string;
  /** Throws, with the last lines it wrote, when it has ended. */
  check(): void;
  /** Ends it, by force after five seconds. May be called twice. */
  stop(): Promise<void>;
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
}

export interface ProcessOptions {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** As `nice` gives it; without it that of the lab. */
  readonly priority?: number | undefined;
}

/** The programs that the lab started: none of them outlives it. */
export class Processes {
  readonly #folder: string;
  readonly #running = new Set<LabProcess>();
  readonly #started: LabProcess[] = [];
  readonly #reaper: ChildProcess;
  #count = 0;

  /** Logs go to `folder`, which must exist. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#reaper = spawn('/bin/sh', ['-c', REAPER], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#reaper.unref();
  }

  /** Everything ever started, in that order. */
  get all(): readonly LabProcess[] {
    return this.#started;
  }

  start(o: ProcessOptions): LabProcess {
    const log = join(this.#folder, `${++this.#count}-${o.name}.log`);
    const sink = createWriteStream(log);
    const child = spawn(o.file, [...o.args], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] ?? '', HOME: this.#folder, ...LAZY_COLLECTOR, ...o.env },
    });
    const { pid } = child;
    if (pid !== undefined) {
      this.#tell(`${pid}`);
      if (o.priority !== undefined) setPriority(pid, o.priority);
    }
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
      sink.write(chunk);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    let ended: string | undefined;
    const over = new Promise<void>((resolve) => {
      const end = (how: string): void => {
        ended ??= how;
        sink.end();
        if (pid !== undefined) this.#tell(`-${pid}`);
        this.#running.delete(labProcess);
        resolve();
      };
      child.once('error', (error) => end(`could not be started: ${error.message}`));
      child.once('close', (code, signal) => end(`ended with ${signal ?? `code ${code}`}`));
    });
    const kill = (signal: NodeJS.Signals): void => {
      if (pid === undefined || ended !== undefined) return;
      try {
        process.kill(-pid, signal);
      } catch {
        // Gone between the two lines.
      }
    };
    const labProcess: LabProcess = {
      name: o.name,
      log,
      output: () => output,
      check() {
        if (ended === undefined) return;
        throw new Error(`${o.name} ${ended}:\n${lastLines(output, 20)}`);
      },
      async stop() {
        kill('SIGTERM');
        const force = setTimeout(() => kill('SIGKILL'), GRACE_MS);
        await over;
        clearTimeout(force);
      },
      kill() {
        kill('SIGKILL');
        return over;
      },
    };
    this.#running.add(labProcess);
    this.#started.push(labProcess);
    return labProcess;
  }

  /** Ends all that runs; the last one started goes first. */
  async stop(): Promise<void> {
    await Promise.all([...this.#running].reverse().map((one) => one.stop()));
    this.#reaper.stdin?.end();
  }

  #tell(line: string): void {
    this.#reaper.stdin?.write(`${line}\n`);
  }
}

/** The last lines of every log in turn, for who looks for the cause of a failure. */
export function tails(processes: Processes, lines: number): string {
  return processes.all
    .map(({ name, log }) => {
      let text = '';
      try {
        text = readFileSync(log, 'utf8');
      } catch {
        // Never written to.
      }
      return `--- ${name} (${log})\n${lastLines(text, lines)}`;
    })
    .join('\n');
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
