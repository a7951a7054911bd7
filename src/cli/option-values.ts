import { type Command, InvalidArgumentError, type Option } from '@commander-js/extra-typings';

/** Options whose value is sent or matched as it is, so that a blank may be meant. */
const verbatim = new Set(['send', 'expect']);

/**
 * Lets every option of every command refuse an empty value: `--profile "$PROFILE"` with a variable
 * that is not set must not become another identity. Also reads `-o=json` as `-o json`, which
 * commander reads as the value `=json`.
 */
export function refuseEmptyValues(program: Command): void {
  for (const command of program.commands) {
    for (const option of command.options) {
      if (option.required || option.optional) guard(option);
    }
    refuseEmptyValues(command as Command);
  }
}

function guard(option: Option): void {
  const parse = option.parseArg;
  option.argParser((text: string, previous: unknown) => {
    const value = option.short && text.startsWith('=') ? text.slice(1) : text;
    const empty = verbatim.has(option.name()) ? value === '' : value.trim() === '';
    if (empty) {
      throw new InvalidArgumentError(
        'The value is empty. Set the variable that it comes from, or leave the option out.',
      );
    }
    return parse ? parse(value, previous as never) : value;
  });
}
