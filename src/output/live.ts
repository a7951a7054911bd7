import type { Emit, Event } from '../core/plan/event.ts';
import type { Io } from '../io.ts';
import { eventLines, waitingText } from './event-lines.ts';
import type { Style } from './style.ts';
import { visible } from './visible.ts';
import { type ColorWhen, spinnerLook, wantsRedraw } from './terminal.ts';

/** A story being told on stderr. `stop` leaves the terminal as it was found. */
export interface Live {
  readonly emit: Emit;
  /** Leaves the terminal to a question; the next event goes on. */
  pause(): void;
  stop(): void;
}

export interface LiveOptions {
  readonly color: ColorWhen;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

const HEARTBEAT_MS = 15_000;

/** Tells events on stderr: redrawn on a terminal that wants it, else a line for each change. */
export function live(io: Io, style: Style, o: LiveOptions): Live {
  if (o.quiet) return { emit: () => undefined, pause: () => undefined, stop: () => undefined };
  const told = wantsRedraw(io.stderr, io.env, o.color)
    ? redrawn(io, style, o)
    : inLines(io, style, o);
  return { ...told, emit: (event) => told.emit(visible(event)) };
}

function inLines(io: Io, style: Style, o: LiveOptions): Live {
  let told = '';
  let toldAt = 0;
  const emit = (event: Event): void => {
    if (event.kind === 'waiting' || event.kind === 'judged' || event.kind === 'settling') {
      const text = waitingText(event, style);
      const due = io.now() - toldAt >= HEARTBEAT_MS;
      if (text === told && !due) return;
      told = text;
      toldAt = io.now();
    }
    const at = new Date(io.now()).toISOString().slice(11, 19);
    const lines = eventLines(event, style, o.verbose);
    for (const line of lines) io.stderr.write(`${style.paint('dim', `${at}Z`)} ${line}\n`);
  };
  return { emit, pause: () => undefined, stop: () => undefined };
}

interface Spinner {
  text: string;
  start(): unknown;
  stop(): unknown;
}

// ora takes a while to load: it does so while the first requests are on their way.
async function loadSpinner(io: Io, when: ColorWhen): Promise<Spinner> {
  const { default: ora } = await import('ora');
  // Leaving stdin alone: ora would swallow Ctrl-C and the answer to a question.
  // Whether to draw was decided here already.
  const stream = io.stderr as unknown as NodeJS.WritableStream;
  const look = spinnerLook(io.stderr, io.env, when);
  return ora({ stream, discardStdin: false, isEnabled: true, ...look });
}

function redrawn(io: Io, style: Style, o: LiveOptions): Live {
  let spinner: Spinner | undefined;
  let stopped = false;
  let text = 'reading';
  // What is waited for stays to be seen while it is looked at again.
  let waits = false;
  const start = async (): Promise<void> => {
    const loaded = await loadSpinner(io, o.color);
    if (stopped) return;
    spinner = loaded;
    spinner.text = text;
    spinner.start();
  };
  // Without a spinner the lines still come: drawing is no reason to fail.
  start().catch(() => undefined);
  const draw = (next: string): void => {
    text = next;
    if (!spinner) return;
    spinner.text = next;
    spinner.start();
  };
  const emit = (event: Event): void => {
    if (event.kind === 'reading' && !waits) draw(`reading ${event.text}`);
    if (event.kind === 'waiting' || event.kind === 'judged' || event.kind === 'settling') {
      waits = true;
      return draw(
        event.kind === 'settling'
          ? eventLines(event, style, o.verbose).join('\n')
          : waitingText(event, style),
      );
    }
    const lines = eventLines(event, style, o.verbose);
    if (lines.length === 0) return;
    // What was waited for before the plan is over with it.
    if (event.kind === 'planned') draw('writing');
    spinner?.stop();
    for (const line of lines) io.stderr.write(`${line}\n`);
    spinner?.start();
  };
  return {
    emit,
    pause: () => spinner?.stop(),
    stop: () => {
      stopped = true;
      spinner?.stop();
    },
  };
}
