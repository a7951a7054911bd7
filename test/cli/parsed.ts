import { buildProgram } from '../../src/cli.ts';
import { wordsFor } from '../../src/cli/traffic-words.ts';
import type { Io } from '../../src/io.ts';

/** A command line as the program understands it. */
export interface Parsed {
  readonly command: string;
  readonly service: unknown;
  readonly options: Readonly<Record<string, unknown>>;
}

const silent: Io = {
  stdout: { write: () => undefined },
  stderr: { write: () => undefined },
  stdin: { question: () => Promise.reject(new Error()), readAll: () => Promise.resolve('') },
  env: {},
  now: () => 0,
  sleep: () => Promise.resolve(),
};

/** Parses the words behind `nlbmc` with the real command line and runs nothing. Throws what it refuses. */
export async function parsed(words: readonly string[]): Promise<Parsed> {
  const program = buildProgram(silent, { nlbmc: '0', node: '0' }, () => undefined);
  let found: Parsed | undefined;
  for (const command of program.commands) {
    command.action(() => {
      found = { command: command.name(), service: command.args[0], options: command.opts() };
    });
  }
  await program.parseAsync([...wordsFor(words)], { from: 'user' });
  if (!found) throw new Error(`no command ran for ${words.join(' ')}`);
  return found;
}

/** The words of a line as a POSIX shell reads them, where quotes are single ones; a comment ends it. */
export function shellWords(line: string): readonly string[] {
  const text = line.replace(/ {2,}# .*$/, '');
  return (text.match(/(?:[^\s'\\]|\\.|'[^']*')+/g) ?? []).map((word) =>
    word.replace(
      /'([^']*)'|\\(.)/g,
      (_, quoted?: string, escaped?: string) => quoted ?? escaped ?? '',
    ),
  );
}
