import type { Io } from '../io.ts';
import { helpWidth } from './help-layout.ts';

/** Splits a command at spaces; each line but the last ends with `\`, so it can still be pasted. */
function continued(command: string, width: number): string {
  const lines: string[] = [];
  let current = ' ';
  for (const word of command.split(' ')) {
    if (current.trim() !== '' && current.length + word.length + 3 > width) {
      lines.push(`${current} \\`);
      current = '     ';
    }
    current += ` ${word}`;
  }
  return [...lines, current].join('\n');
}

/** Gives a function that lays out examples below a command's help; a line with `#` is a remark. */
export function examplesFor(io: Io): (...lines: readonly string[]) => string {
  const name = io.programName ?? 'nlbmc';
  const width = helpWidth(io);
  return (...lines) =>
    `\nExamples:\n${lines.map((line) => (line.startsWith('#') ? `  ${line}` : continued(`${name} ${line}`, width))).join('\n')}`;
}
