import type { Io } from '../io.ts';
import { jsonText, yamlText } from '../output/document.ts';

/** `nlbmc version`: one line, or a document of kind Version. */
export async function printVersion(
  versions: { readonly nlbmc: string; readonly node: string },
  format: 'table' | 'json' | 'yaml',
  io: Io,
): Promise<0> {
  const document = { apiVersion: 'nlbmc/v1', kind: 'Version', ...versions };
  const text = {
    table: () => `nlbmc ${versions.nlbmc} (Node.js ${versions.node})\n`,
    json: () => jsonText(document, {}),
    yaml: () => yamlText(document, {}),
  };
  io.stdout.write(await text[format]());
  return 0;
}
