/** A document as JSON, for `-o json`: one document, ended by a line end. */
export const jsonText = (document: object): string => `${JSON.stringify(document, undefined, 2)}\n`;

/** Documents as YAML, for `-o yaml` (one) and `-o manifest` (as many as there are to apply). */
export async function yamlText(documents: readonly object[]): Promise<string> {
  const { dump } = await import('js-yaml');
  // Through JSON first: fields that are undefined are absent, and nothing is an alias.
  const texts = documents.map((document) =>
    dump(JSON.parse(JSON.stringify(document)), { noRefs: true, lineWidth: -1 }),
  );
  return texts.join('---\n');
}
