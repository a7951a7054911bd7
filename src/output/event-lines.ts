import { hintText } from './hint-text.ts';
import type { Event } from '../core/plan/event.ts';
import { echoLines } from './echo-lines.ts';
import { MOST_NAMED } from './many.ts';
import { openLines } from './open-goals.ts';
import { problemLines } from './problem-lines.ts';
import { planLines } from './plan-lines.ts';
import { stepTitle } from './step-lines.ts';
import type { Style } from './style.ts';

const seconds = (ms: number): string => `${Math.round(ms / 1000)}s`;

/** A pause before another try: tenths where a second is too coarse. */
const pause = (ms: number): string =>
  ms === 0 ? 'now' : `in ${ms < 950 ? (ms / 1000).toFixed(1) : Math.round(ms / 1000)}s`;

/** An event as progress lines; none when it is shown only with --verbose. */
export function eventLines(event: Event, style: Style, verbose: boolean): string[] {
  switch (event.kind) {
    case 'reading':
      return verbose ? [`reading ${event.text}`] : [];
    case 'helper':
      return [`${style.glyph.wait} waiting for ${event.text}, up to ${seconds(event.mostMs)}`];
    case 'retrying':
      return [
        `${style.paint('warn', `${style.glyph.warn} retrying`)} ${pause(event.delayMs)}: ${event.text}`,
      ];
    case 'targets-of-write':
      return echoLines(event.clusters, style);
    case 'planned':
      return planLines(event.plan, style);
    case 'settling':
      return [
        `${style.glyph.wait} settling, ${seconds(event.leftMs)} left`,
        ...settlingLines(event, style),
      ];
    case 'rerun':
      return [`if this is interrupted, continue with: ${hintText(event.command, style.run).text}`];
    case 'writing':
      return verbose ? [`writing: ${stepTitle(event.step)}`] : [];
    case 'wrote':
      return [`${style.paint('good', `${style.glyph.good} done`)} ${stepTitle(event.step)}`];
    case 'waiting':
      return [`waiting, ${seconds(event.elapsedMs)}`, ...waitingLines(event, style)];
    case 'judged':
      return [
        `${event.verdict.state}, ${seconds(event.elapsedMs)}`,
        ...blockingLines(event, style),
      ];
    case 'unwatched':
      return verbose ? [`not watching: ${event.text}`] : [];
  }
}

type Judged = Extract<Event, { kind: 'judged' }>;

/** How many reasons are shown while waiting: more would not fit on the screen. */
const MOST_REASONS = 8;

/** Why a verdict is not green: a line for each cluster, then the reasons. */
function blockingLines({ verdict }: Judged, style: Style): string[] {
  const clusters = verdict.ports.flatMap(({ port, members }) =>
    members
      .filter(({ state }) => state !== 'ready')
      .map(
        (one) =>
          `port ${port}, ${one.cluster}: ${one.state}, ${one.healthy ?? '?'} of ${one.eligible ?? '?'} healthy`,
      ),
  );
  const left = verdict.problems.length - MOST_REASONS;
  const unnamed = style.screen?.verbose ? 0 : clusters.length - MOST_NAMED;
  return [
    ...clusters.slice(0, unnamed > 1 ? MOST_NAMED : undefined),
    ...(unnamed > 1 ? [`and ${unnamed} more that are not ready`] : []),
    ...verdict.problems.slice(0, MOST_REASONS).map(({ message }) => message),
    ...(left > 0 ? [`and ${left} more`] : []),
  ].map((line) => `  ${style.glyph.wait} ${line}`);
}

type Waiting = Extract<Event, { kind: 'waiting' }>;

const waitingLines = ({ progress }: Waiting, style: Style): string[] =>
  openLines(progress, style).map((line) => `  ${line}`);

type Settling = Extract<Event, { kind: 'settling' }>;

const settlingLines = ({ problems }: Settling, style: Style): string[] =>
  problems.flatMap((problem) => problemLines(problem, style, 'warn', 'settling'));

/** What is waited for, without the time: equal texts are not printed twice. */
export function waitingText(event: Waiting | Judged | Settling, style: Style): string {
  switch (event.kind) {
    case 'waiting':
      return ['waiting', ...waitingLines(event, style)].join('\n');
    case 'judged':
      return [event.verdict.state, ...blockingLines(event, style)].join('\n');
    case 'settling':
      return settlingLines(event, style).join('\n');
  }
}
