import { type RunFlags, toldDocument } from './hint-text.ts';

/** A document as JSON, for `-o json`: one document, ended by a line end. Hints in it are spelled for the run. */
export const jsonText = (document: object, run: RunFlags): string =>
  `${asciiControls(JSON.stringify(toldDocument(document, run), undefined, 2))}\n`;

/** What JSON and YAML leave as it is: DEL and C1, separators, and what sets the direction of writing. */
const unspelled = /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

const hexOf = (character: string): string => character.charCodeAt(0).toString(16).padStart(4, '0');

/** 0x9b alone begins an escape sequence: spelled, the data is the same. */
const asciiControls = (json: string): string =>
  json.replace(unspelled, (character) => `\\u${hexOf(character)}`);

/**
 * The same in YAML: a marker that js-yaml spells with a backslash makes it quote the text, and is then
 * replaced by the character's own spelling (YAML 1.2, 5.7). A text that has the marker stays as it is.
 */
const MARK = '\u0001nlbmc ';
function marked(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.includes(MARK)
      ? value
      : value.replace(unspelled, (character) => `${MARK}${hexOf(character)}`);
  }
  if (Array.isArray(value)) return value.map(marked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, marked(one)]));
}

/** A document as YAML, for `-o yaml` and each document of `-o manifest`. Hints in it are spelled for the run. */
export async function yamlText(document: object, run: RunFlags = {}): Promise<string> {
  const { dump } = await import('js-yaml');
  // Through JSON first: fields that are undefined are absent, and nothing is an alias.
  const plain: unknown = JSON.parse(JSON.stringify(toldDocument(document, run)));
  return dump(marked(plain), { noRefs: true, lineWidth: -1 }).replaceAll(
    /\\x01nlbmc ([0-9a-f]{4})/g,
    '\\u$1',
  );
}
