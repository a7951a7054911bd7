import type { Io, Output } from '../io.ts';
import type { RunFlags } from './hint-text.ts';
import { type ColorWhen, wantsColor, wantsUnicode } from './terminal.ts';

/** The meaning of a piece of text; a style says how that looks. */
export type Tone = 'good' | 'warn' | 'bad' | 'dim' | 'strong';

/** How text looks on one stream. Never the only carrier of a meaning: words are printed beside it. */
export interface Style {
  /** The connection flags of this run: every printed command has them. */
  readonly run: RunFlags;
  paint(tone: Tone, text: string): string;
  /**
   * One terminal shows the progress and the result: both are short, and the result leaves out what the
   * progress has shown. With `verbose`, identities, ARNs and every item of a list are shown, too.
   */
  readonly screen?: { readonly verbose: boolean };
  /** Columns of the terminal; absent where a line may be as long as it is (a file, a pipe). */
  readonly columns?: number;
  readonly glyph: Readonly<
    Record<'good' | 'warn' | 'bad' | 'wait' | 'item' | 'full' | 'empty', string>
  >;
}

const unicode = { good: '✓', warn: '!', bad: '✗', wait: '…', item: '•', full: '█', empty: '░' };
const ascii = { good: '+', warn: '!', bad: 'x', wait: '~', item: '-', full: '#', empty: '.' };

/** Text as it is: for a file, a pipe, and every run without colour. */
export const plainStyle = (env: Io['env'], run: RunFlags = {}): Style => ({
  run,
  paint: (_tone, text) => text,
  glyph: wantsUnicode(env) ? unicode : ascii,
});

/** The style for a stream. Loads chalk only where colour is wanted. */
export async function styleFor(
  stream: Output,
  env: Io['env'],
  when: ColorWhen,
  run: RunFlags = {},
): Promise<Style> {
  const columns = stream.isTTY === true && stream.columns ? { columns: stream.columns } : {};
  const plain = { ...plainStyle(env, run), ...columns };
  if (!wantsColor(stream, env, when)) return plain;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  const tones = {
    good: chalk.green,
    warn: chalk.yellow,
    bad: chalk.red,
    dim: chalk.dim,
    strong: chalk.bold,
  };
  return { ...plain, paint: (tone, text) => tones[tone](text) };
}
