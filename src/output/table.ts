import type { Style, Tone } from './style.ts';

/** A cell: its text, and what it means where it means something. */
export type Cell = string | { readonly text: string; readonly tone: Tone };

const textOf = (cell: Cell | undefined): string =>
  typeof cell === 'object' ? cell.text : (cell ?? '');

/**
 * Lines with aligned columns under a heading. Widths are counted before colour is added. Columns
 * named in `right` hold numbers and lean to the right.
 */
export function tableLines(
  heading: readonly string[],
  rows: readonly (readonly Cell[])[],
  style: Style,
  right: readonly string[] = [],
): string[] {
  const widths = heading.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => textOf(row[column]).length)),
  );
  const line = (cells: readonly Cell[]): string =>
    cells
      .map((cell, column) => {
        const text = textOf(cell);
        const width = widths[column] ?? 0;
        const last = column === cells.length - 1;
        const leans = right.includes(heading[column] ?? '');
        const padded = leans ? text.padStart(width) : last ? text : text.padEnd(width);
        return typeof cell === 'object' ? style.paint(cell.tone, padded) : padded;
      })
      .join('  ')
      .trimEnd();
  return [line(heading.map((text) => ({ text, tone: 'dim' as const }))), ...rows.map(line)];
}

/** Each line moved to the right by `spaces`. */
export const indent = (lines: readonly string[], spaces = 2): string[] =>
  lines.map((line) => (line === '' ? '' : ' '.repeat(spaces) + line));
