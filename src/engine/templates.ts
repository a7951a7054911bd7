import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { ProblemError } from '../core/model/problem.ts';
import type { Template, Templates } from '../core/model/templates.ts';

/** The folder templates/ of the package, from a source file as well as from the bundle. */
function templatesFolder(): URL {
  let folder = new URL('./', import.meta.url);
  while (!existsSync(new URL('templates/targetgroupbinding.yaml', folder))) {
    const parent = new URL('../', folder);
    if (parent.href === folder.href) throw new Error('the package has lost its folder templates/');
    folder = parent;
  }
  return new URL('templates/', folder);
}

/** Reads the documents that `join` fills in. Raises `usage` for one that was edited beyond YAML. */
export async function readTemplates(): Promise<Templates> {
  const folder = templatesFolder();
  const read = async (name: string): Promise<Template> => {
    const url = new URL(name, folder);
    const text = await readFile(url, 'utf8');
    try {
      const document = load(text);
      if (typeof document === 'object' && document !== null && 'kind' in document) {
        return document as Template;
      }
    } catch {
      // Told below, as for YAML that is no document.
    }
    throw new ProblemError({
      code: 'usage',
      message: `The template ${url.pathname} is not one Kubernetes document in YAML.`,
    });
  };
  const [binding, service] = await Promise.all([
    read('targetgroupbinding.yaml'),
    read('service-secondary.yaml'),
  ]);
  return { binding, service };
}
