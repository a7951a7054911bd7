import { type RunFlags, toldDocument } from './hint-text.ts';

/** A document as JSON, for `-o json`: one document, ended by a line end. Hints in it are spelled for the run. */
export const jsonText = (document: object, run: RunFlags): string =>
  `${asciiControls(JSON.stringify(toldDocument(document, run), undefined, 2))}\n`;

/** JSON leaves DEL and C1 as they are, and 0x9b alone begins an escape sequence: spelled, the data is the same. */
const asciiControls = (json: string): string =>
  json.replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** A document as YAML, for `-o yaml` and each document of `-o manifest`. Hints in it are spelled for the run. */
export async function yamlText(document: object, run: RunFlags = {}): Promise<string> {
  const { dump } = await import('js-yaml');
  // Through JSON first: fields that are undefined are absent, and nothing is an alias.
  const plain: unknown = JSON.parse(JSON.stringify(toldDocument(document, run)));
  return dump(plain, { noRefs: true, lineWidth: -1 });
}
