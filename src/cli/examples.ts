/** Gives a function that lays out examples below a command's help; a line with `#` is a remark. */
export function examplesFor(name: string): (...lines: readonly string[]) => string {
  return (...lines) =>
    `\nExamples:\n${lines.map((line) => (line.startsWith('#') ? `  ${line}` : `  ${name} ${line}`)).join('\n')}`;
}
