import type { Identify } from '../plan/traffic.ts';

/** What came back over a connection. */
export interface AnswerText {
  /** By name in lower case; empty where HTTP is not spoken. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * What an answer says of who gave it: the value of the header, or the groups of the match (the
 * whole match where the expression has none). Undefined: it says nothing.
 */
export function marksOf(
  identify: Identify | undefined,
  answer: AnswerText,
): readonly string[] | undefined {
  switch (identify?.kind) {
    case undefined:
    case 'logs':
      return undefined;
    case 'header': {
      const value = answer.headers[identify.name.toLowerCase()]?.trim();
      return value ? [value] : undefined;
    }
    case 'body': {
      const match = new RegExp(identify.pattern).exec(answer.body);
      if (!match) return undefined;
      const groups = match.slice(1).filter((group) => group !== undefined);
      return groups.length > 0 ? groups : [match[0]];
    }
  }
}
