import type { Style, Tone } from './style.ts';

/** A cell: its text, and what it means where it means something. */
export type Cell = string | { readonly text: string; readonly tone: Tone };

const textOf = (cell: Cell | undefined): string =>
  typeof cell === 'object' ? cell.text : (cell ?? '');

/** A row as pairs of heading and text, below its first cell: for a terminal too narrow for columns. */
function foldedRow(
  heading: readonly string[],
  row: readonly Cell[],
  style: Style,
  columns: number,
): string[] {
  const lines: string[] = [];
  let width = columns;
  for (const [column, cell] of row.entries()) {
    if (column === 0) continue;
    const name = heading[column] ?? '';
    const text = textOf(cell);
    if (text === '') continue;
    const size = name.length + text.length + (name === '' ? 2 : 3);
    const painted = typeof cell === 'object' ? style.paint(cell.tone, text) : text;
    const pair = name === '' ? painted : `${style.paint('dim', name)} ${painted}`;
    if (width + size > columns) {
      lines.push(`  ${pair}`);
      width = size;
    } else {
      lines.push(`${lines.pop()}  ${pair}`);
      width += size;
    }
  }
  return [style.paint('strong', textOf(row[0])), ...lines];
}

/**
 * Lines with aligned columns under a heading. Widths are counted before colour is added. Columns
 * named in `right` hold numbers and lean to the right. Where the terminal is narrower than the
 * table each row is folded: wrapped columns cannot be read.
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
  const wide = widths.reduce((sum, width) => sum + width + 2, -2);
  const { columns } = style;
  if (columns !== undefined && wide > columns) {
    const [first = ''] = heading;
    return [
      ...(rows.length > 0 ? [style.paint('dim', first)] : []),
      ...rows.flatMap((row) => foldedRow(heading, row, style, columns)),
    ];
  }
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
