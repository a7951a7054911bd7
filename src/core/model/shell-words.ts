import { hasControls, quotedControls } from './control-characters.ts';

/** A word for a POSIX shell: quoted only where it must be, for people to read and paste. */
export const shellWord = (text: string): string =>
  /^[A-Za-z0-9_@%+=:,./…-]+$/.test(text)
    ? text
    : hasControls(text)
      ? quotedControls(text)
      : `'${text.replaceAll("'", "'\\''")}'`;

/** Words of a command as they are typed. */
export const commandText = (words: readonly string[]): string => words.map(shellWord).join(' ');
