import type { Emit, Event } from '../core/plan/event.ts';
import type { Io } from '../io.ts';
import { eventLines, waitingText } from './event-lines.ts';
import type { Style } from './style.ts';
import { timeOfDay, type ToldEvents } from './screen-lines.ts';
import { shortEvent } from './short-events.ts';
import { visible } from './visible.ts';
import { type ColorWhen, spinnerLook, wantsRedraw } from './terminal.ts';
import { wrapped } from './wrap.ts';

/** Progress on stderr. `stop` restores the terminal. */
export interface Live {
  readonly emit: Emit;
  /** Frees the terminal for a question; the next event resumes. */
  pause(): void;
  stop(): void;
  /** Kinds of events that were shown up to now. */
  readonly told: ToldEvents;
}

export interface LiveOptions {
  readonly color: ColorWhen;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

const HEARTBEAT_MS = 15_000;

/** Prints events on stderr: redrawn on a terminal that wants it, else a line for each change. */
export function live(io: Io, style: Style, o: LiveOptions): Live {
  const told = new Set<Event['kind']>();
  if (o.quiet) {
    return { emit: () => undefined, pause: () => undefined, stop: () => undefined, told };
  }
  const voice = wantsRedraw(io.stderr, io.env, o.color)
    ? redrawn(io, style, o)
    : inLines(io, style, o);
  const emit = (event: Event): void => {
    told.add(event.kind);
    voice.emit(visible(event));
  };
  return { ...voice, emit, told };
}

type Voice = Omit<Live, 'told'>;

/** The lines of an event as they are printed: short where the result follows on the same terminal. */
function linesOf(event: Event, io: Io, style: Style, o: LiveOptions): readonly string[] {
  const at = new Date(io.now()).toISOString();
  if (style.screen) return wrapped(shortEvent(event, style, at), style.columns);
  return wrapped(eventLines(event, style, o.verbose), style.columns);
}

function inLines(io: Io, style: Style, o: LiveOptions): Voice {
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
    const at = `${style.paint('dim', timeOfDay(new Date(io.now()).toISOString()))} `;
    for (const line of linesOf(event, io, style, o)) {
      io.stderr.write(`${style.screen ? '' : at}${line}\n`);
    }
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

/** Room for the spinner before the first line. */
const SPINNER = 2;

/** Text that the spinner draws over: wrapped here, so that it knows how many lines there are. */
const fitted = (text: string, columns: number | undefined): string =>
  wrapped([text], columns === undefined ? undefined : columns - SPINNER).join('\n');

function redrawn(io: Io, style: Style, o: LiveOptions): Voice {
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
    text = fitted(next, style.columns);
    if (!spinner) return;
    spinner.text = text;
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
    const lines = linesOf(event, io, style, o);
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
