import type { Io, Output } from '../io.ts';

/** When to colour and redraw: `--color`. */
export type ColorWhen = 'auto' | 'always' | 'never';

/**
 * Whether a stream gets colour: an explicit `--color` first, then NO_COLOR and FORCE_COLOR (not
 * empty, no-color.org; `FORCE_COLOR=0` is a no), then whether it is a terminal that can.
 */
export function wantsColor(stream: Output, env: Io['env'], when: ColorWhen): boolean {
  if (when !== 'auto') return when === 'always';
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return !['0', 'false'].includes(env['FORCE_COLOR']);
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** Whether a stream may be drawn over: only a terminal, never a log of CI. */
export function wantsRedraw(stream: Output, env: Io['env'], when: ColorWhen): boolean {
  const inCi = Boolean(env['CI']) && env['CI'] !== 'false';
  // Some pseudo-terminals say that they have no columns: ora would clear lines for ever.
  const wide = (stream.columns ?? 0) > 0;
  return stream.isTTY === true && wide && env['TERM'] !== 'dumb' && !inCi && when !== 'never';
}

/**
 * Whether the progress (stderr) and the result (stdout) are read on one terminal. Two streams that are
 * both terminals count as the same one: a shell gives them one unless somebody redirects one of
 * them to another terminal by its name, and then the answer is short but whole in what it decides.
 */
export const isOneTerminal = ({ stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>): boolean =>
  stdout.isTTY === true && stderr.isTTY === true;

/** Whether the locale takes more than ASCII; without any locale named, it is taken to. */
export function wantsUnicode(env: Io['env']): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  return !locale || /utf-?8/i.test(locale);
}

/** How the spinner looks: it has ideas of its own about colour and locale, which would not agree. */
export const spinnerLook = (stream: Output, env: Io['env'], when: ColorWhen) => ({
  color: wantsColor(stream, env, when) ? ('cyan' as const) : (false as const),
  spinner: wantsUnicode(env) ? ('dots' as const) : ('line' as const),
});
