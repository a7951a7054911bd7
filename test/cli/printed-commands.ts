/** A command of nlbmc's in what was printed, and whether it is what to type next. */
export interface Printed {
  readonly line: string;
  /** From `nlbmc` on. */
  readonly command: string;
  /** `next`, `undo`, or what stands before the command. */
  readonly label: string;
}

/**
 * The commands of nlbmc's that a text gives a person to type: behind a label, or alone on a line. A
 * sentence that only names a command has none.
 */
export const printedCommands = (text: string): readonly Printed[] =>
  text.split('\n').flatMap((line): readonly Printed[] => {
    const found =
      /^(?<label>\S+Z )?(?<before>.*?(?:: |  |\$ |^))(?<command>nlbmc (?:enable|join|leave|disable|purge|repair|verify|show) .*)$/.exec(
        line,
      );
    const { before = '', command = '' } = found?.groups ?? {};
    return command === '' ? [] : [{ line, command, label: before.trim().replace(/:$/, '') }];
  });
