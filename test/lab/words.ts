import { MissingError } from './go.ts';
import { scenarios } from './scenarios/all.ts';
import type { Scenario } from './stage.ts';

/** On the command line: the comparison of the API servers. */
const API = 'api';

/** What the lab was told to do. */
export type Order =
  | { readonly kind: 'prepare' }
  | {
      readonly kind: 'play';
      readonly scenarios: readonly Scenario[];
      /** Whether the practice API server is compared with a real one, too. */
      readonly comparesApi: boolean;
      readonly isWhole: boolean;
    }
  | { readonly kind: 'keep'; readonly scenario?: Scenario };

/**
 * Reads the words of the command line: names of scenarios and `api` (none: all), `--keep` with or without a
 * scenario, or `--prepare`, which only builds what is missing: that needs the network which the lab does without.
 * Raises MissingError for a name that is no scenario's.
 */
export function orderOf(words: readonly string[]): Order {
  if (words[0] === '--prepare') return { kind: 'prepare' };
  const names = words.filter((word) => word !== '--keep');
  const chosen = names
    .filter((name) => name !== API)
    .map((name) => {
      const found = scenarios.find((scenario) => scenario.name === name);
      if (!found) throw new MissingError(`there is no scenario ${name}.`);
      return found;
    });
  if (names.length === words.length) {
    const isWhole = names.length === 0;
    const comparesApi = isWhole || names.includes(API);
    return { kind: 'play', scenarios: isWhole ? scenarios : chosen, comparesApi, isWhole };
  }
  const [scenario, ...others] = chosen;
  if (others.length > 0)
    throw new MissingError('--keep leaves the world of one scenario standing.');
  return { kind: 'keep', ...(scenario ? { scenario } : {}) };
}
