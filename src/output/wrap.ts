import { stripVTControlCharacters } from 'node:util';

/** Replaces a space at which no line may be broken. */
const HARD = '\u00A0';

/** Text that stays on one line, such as a command: broken, it could not be pasted. */
export const unbroken = (text: string): string => text.replaceAll(' ', HARD);

/** How many columns a text takes; colour takes none. */
export const widthOf = (text: string): number => stripVTControlCharacters(text).length;

/** Deepest indentation of a continued line: on a narrow terminal nothing would be left for the text. */
const DEEPEST = 8;

function wrappedLine(line: string, columns: number): string[] {
  if (widthOf(line) <= columns) return [line];
  const lead = /^ */.exec(line)?.[0] ?? '';
  const hanging = ' '.repeat(Math.min(lead.length + 2, DEEPEST));
  const lines: string[] = [];
  let current = lead;
  let empty = true;
  for (const word of line.slice(lead.length).split(' ')) {
    if (!empty && widthOf(current) + 1 + widthOf(word) > columns) {
      lines.push(current.trimEnd());
      current = hanging;
      empty = true;
    }
    current += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, current.trimEnd()];
}

/** The text of lines as a terminal of that width shows it. */
export const printed = (lines: readonly string[], columns: number | undefined): string =>
  `${wrapped(lines, columns).join('\n')}\n`;

/**
 * Lines broken between words where the terminal is narrower, and indented from the second on.
 * Undefined `columns`: they stay as long as they are. A word that is wider stays whole.
 */
export const wrapped = (lines: readonly string[], columns: number | undefined): string[] =>
  lines
    .flatMap((line) => line.split('\n'))
    .flatMap((line) => (columns === undefined ? [line] : wrappedLine(line, columns)))
    .map((line) => line.replaceAll(HARD, ' '));
