import { visibleText } from '../core/model/control-characters.ts';
import type { Hint } from '../core/model/hint.ts';
import type { Problem } from '../core/model/problem.ts';
import { hintText } from './hint-text.ts';
import type { Style } from './style.ts';
import { indent } from './table.ts';
import { visible } from './visible.ts';
import { unbroken } from './wrap.ts';

const words = { bad: 'refused', warn: 'caution', dim: 'skipped' } as const;

/** A problem for people: a glyph and a word, its code, where, the sentence, its items, what to do. */
export function problemLines(
  raw: Problem,
  style: Style,
  tone: keyof typeof words = 'bad',
  word: string = words[tone],
): string[] {
  const problem = visible(raw);
  const glyph = style.glyph[tone === 'dim' ? 'wait' : tone];
  const { message } = problem;
  return [
    `${style.paint(tone, `${glyph} ${word}`)} ${message} ${style.paint('dim', `(${problem.code})`)}`,
    ...indent(problem.details ?? [], 4),
    ...(problem.saves === undefined
      ? []
      : indent([`This saves ${problem.saves} ${problem.saves === 1 ? 'target' : 'targets'}.`], 4)),
    ...indent(
      (problem.hints ?? []).map((hint) => hintLine(hint, style)),
      4,
    ),
  ];
}

/**
 * A hint as a line: a label before a command, the sentence alone where it is none. On a terminal
 * the command stays on one line, to be pasted.
 */
export function hintLine(hint: Hint, style: Style, label = 'next'): string {
  const { role, text, command = '' } = hintText(hint, style.run);
  const named = style.screen ? `${label} ` : `${label}:`;
  const before = { next: named, fill: 'then,', accept: '', advice: '' }[role];
  const clause = text.slice(0, text.length - command.length);
  const typed = visibleText(command);
  const line = visibleText(clause) + (style.columns === undefined ? typed : unbroken(typed));
  return before === '' ? line : `${style.paint('strong', before)} ${line}`;
}
