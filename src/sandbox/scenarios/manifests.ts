import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import type { KubeObject } from '../kube/object.ts';

/** The folder templates/, found upwards from here: sources and bundle lie at different depths. */
function templates(): URL {
  for (let at = new URL('./', import.meta.url); ; at = new URL('../', at)) {
    const folder = new URL('templates/', at);
    if (existsSync(new URL('app/deployment.yaml', folder))) return folder;
    if (at.pathname === '/') throw new Error('the folder templates/ of nlbmc is missing');
  }
}

/** Where a file of templates/ is, for people to apply. */
export function templatePath(name: string): string {
  return fileURLToPath(new URL(name, templates()));
}

/** The object in a file of templates/, such as `app/deployment.yaml`; a fresh copy each time. */
export function manifest(name: string): KubeObject {
  return load(readFileSync(templatePath(name), 'utf8')) as KubeObject;
}
