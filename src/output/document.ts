import { type RunFlags, toldDocument } from './hint-text.ts';

/** A document as JSON, for `-o json`: one document, ended by a line end. Hints in it are spelled for the run. */
export const jsonText = (document: object, run: RunFlags): string =>
  `${JSON.stringify(toldDocument(document, run), undefined, 2)}\n`;

/** Documents as YAML, for `-o yaml` (one) and `-o manifest` (as many as there are to apply). */
export async function yamlText(documents: readonly object[], run: RunFlags): Promise<string> {
  const { dump } = await import('js-yaml');
  // Through JSON first: fields that are undefined are absent, and nothing is an alias.
  const texts = documents.map((document) =>
    dump(JSON.parse(JSON.stringify(toldDocument(document, run))), { noRefs: true, lineWidth: -1 }),
  );
  return texts.join('---\n');
}
