import type { Cell, Look } from './terminal.ts';

const SIZE = 13;
const WIDTH = 7.8;
const HEIGHT = 18;
const PAD = 16;

/** Contrast of at least 4.5 : 1 on the picture's own background, whatever the page behind it has. */
const GROUND = '#0d1117';
const colors: Readonly<Record<number, string>> = {
  31: '#ff7b72',
  32: '#56d364',
  33: '#e3b341',
  36: '#39c5cf',
};
const TEXT = '#e6edf3';
const DIM = '#8b949e';

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function attributes({ color, dim, bold }: Look): string {
  const painted = color === undefined ? undefined : colors[color];
  if (color !== undefined && !painted) throw new Error(`no colour chosen for ${color}`);
  const fill = painted ?? (dim ? DIM : undefined);
  return `${fill ? ` fill="${fill}"` : ''}${bold ? ' font-weight="bold"' : ''}`;
}

/** Cells side by side that look alike, in one piece; spaces between pieces need none. */
function pieces(row: readonly Cell[]): string {
  const found: { at: number; text: string; look: string }[] = [];
  for (const [at, { char, look }] of row.entries()) {
    const last = found.at(-1);
    const how = attributes(look);
    if (last?.look === how) last.text += char;
    else found.push({ at, text: char, look: how });
  }
  return found
    .filter(({ text }) => text.trim() !== '')
    .map(({ at, text, look }) => {
      const x = (PAD + at * WIDTH).toFixed(1);
      return `<tspan x="${x}"${look}>${escape(text.trimEnd())}</tspan>`;
    })
    .join('');
}

/** A terminal's rows as a picture, whose text can be selected and read aloud. */
export function terminalSvg(
  rows: readonly (readonly Cell[])[],
  columns: number,
  title: string,
): string {
  const width = Math.ceil(columns * WIDTH + 2 * PAD);
  const height = rows.length * HEIGHT + 2 * PAD;
  const lines = rows.map((row, index) => {
    const y = PAD + (index + 1) * HEIGHT - 5;
    return row.length === 0 ? '' : `<text y="${y}">${pieces(row)}</text>\n`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escape(title)}</title>
<rect width="${width}" height="${height}" rx="8" fill="${GROUND}"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${SIZE}" fill="${TEXT}" xml:space="preserve">
${lines.join('')}</g>
</svg>
`;
}
