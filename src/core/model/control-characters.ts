/**
 * Characters that move a terminal's cursor, colour it or reorder its text, and line ends: C0, DEL and
 * C1 (ECMA-48), line and paragraph separators, and what sets the direction of writing (Unicode
 * Standard Annex 9). Printed as they are, a value from a cluster could repaint the screen.
 */
const controls =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

const names: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  const hex = code.toString(16);
  return (
    names[character] ?? (code < 0x80 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`)
  );
}

/** The text with every such character written as in C, `\x1b` or `\n`: one line that prints as it is. */
export const visibleText = (text: string): string => text.replace(controls, escaped);

/** Whether a text has such a character. */
export const hasControls = (text: string): boolean => visibleText(text) !== text;

/** A text with such characters as a word of bash, zsh and ksh: `$'…'`, which gives them back. */
export const quotedControls = (text: string): string =>
  `$'${visibleText(text.replaceAll('\\', '\\\\').replaceAll("'", "\\'"))}'`;
