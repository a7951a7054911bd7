/** What a bare `--traffic` means: as many connections as the clusters need. */
export const ENOUGH = 'enough';

/** Whether a word after `--traffic` is its number, or was to be one and is empty. */
const isNumber = (word: string | undefined): boolean =>
  word !== undefined && /^(?:\d+|\s*)$/.test(word);

/** A bare `--traffic` with its number. */
const numbered = (word: string, n: number, all: readonly string[]): string =>
  word === '--traffic' && !isNumber(all[n + 1]) ? `--traffic=${ENOUGH}` : word;

/**
 * The words of a command line as commander understands them. Two things of `verify` it cannot do:
 * everything after `--during` is a command with options of its own, and the word after a bare
 * `--traffic` is its number only if it is one (`--traffic nginx`).
 */
export function wordsFor(argv: readonly string[]): readonly string[] {
  if (argv[0] === 'replace') return argv.map(numbered);
  if (argv[0] !== 'verify') return argv;
  const dashes = argv.indexOf('--');
  const at = argv.indexOf('--during');
  const during = at >= 0 && (dashes < 0 || at < dashes) ? at : -1;
  const own = during < 0 ? argv : argv.slice(0, during);
  const command = during < 0 ? [] : argv.slice(during + 1);
  const words = command[0] === '--' ? command.slice(1) : command;
  return [
    ...own.map(numbered),
    ...(during < 0 ? [] : words.length > 0 ? [`--during=${JSON.stringify(words)}`] : ['--during']),
  ];
}

/** The words that are nlbmc's own: not those of a command to run. */
export function ownWords(argv: readonly string[]): readonly string[] {
  const ends = ['--', ...(argv[0] === 'verify' ? ['--during'] : [])].map((word) =>
    argv.indexOf(word),
  );
  const end = Math.min(...ends.filter((at) => at >= 0), argv.length);
  return argv.slice(0, end);
}
