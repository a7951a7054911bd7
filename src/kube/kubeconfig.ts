import { advice } from '../core/model/hint.ts';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, sep } from 'node:path';
import { load } from 'js-yaml';
import { ProblemError } from '../core/model/problem.ts';
import { type Json, objectAt, objectsAt, textAt } from './json.ts';

/** Kubeconfig files merged into one: entries by name, paths in them made absolute. */
export interface Kubeconfig {
  /** The files it came from, for messages. */
  readonly files: readonly string[];
  readonly currentContext?: string;
  readonly contexts: ReadonlyMap<string, Json>;
  readonly clusters: ReadonlyMap<string, Json>;
  readonly users: ReadonlyMap<string, Json>;
}

/** Where to look for it. */
export interface KubeconfigPlace {
  readonly kubeconfig?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads the kubeconfig as kubectl does (client-go `tools/clientcmd/loader.go`): the flag's file
 * alone; else every file in KUBECONFIG that exists, the first to set a value or an entry winning;
 * else ~/.kube/config. Throws ProblemError `kubeconfig-unreadable`.
 */
export function loadKubeconfig(place: KubeconfigPlace): Kubeconfig {
  const wanted = filesOf(place);
  const contexts = new Map<string, Json>();
  const clusters = new Map<string, Json>();
  const users = new Map<string, Json>();
  const files: string[] = [];
  let currentContext: string | undefined;
  for (const file of wanted) {
    const config = readConfig(file);
    if (!config) continue;
    files.push(file);
    currentContext ||= textAt(config, 'current-context');
    addNew(contexts, config, 'contexts', 'context', (context) => context);
    addNew(clusters, config, 'clusters', 'cluster', (cluster) =>
      absolute(cluster, ['certificate-authority'], dirname(file)),
    );
    addNew(users, config, 'users', 'user', (user) => absoluteUser(user, dirname(file)));
  }
  if (files.length === 0) {
    throw new ProblemError({
      code: 'kubeconfig-unreadable',
      message: `There is no kubeconfig: ${wanted.join(', ')} ${wanted.length === 1 ? 'does' : 'do'} not exist.`,
      hints: [
        advice(
          'Name a kubeconfig with --kubeconfig or KUBECONFIG, or write one with aws eks update-kubeconfig.',
        ),
      ],
    });
  }
  return { files, contexts, clusters, users, ...(currentContext && { currentContext }) };
}

function filesOf({ kubeconfig, env }: KubeconfigPlace): readonly string[] {
  if (kubeconfig) return [kubeconfig];
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  if (listed.length > 0) return [...new Set(listed)];
  return [join(env['HOME'] || env['USERPROFILE'] || homedir(), '.kube', 'config')];
}

/** The document in a file; undefined when there is no such file. */
function readConfig(file: string): Json | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(file, (error as NodeJS.ErrnoException).code ?? String(error));
  }
  let value: unknown;
  try {
    value = load(text) ?? {};
  } catch (error) {
    // The parser's full message quotes lines of the file, and a kubeconfig has secrets in it.
    const { reason, mark } = error as { reason?: string; mark?: { line?: number } };
    throw unreadable(file, `line ${(mark?.line ?? 0) + 1}: ${reason ?? 'not YAML'}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unreadable(file, 'it is not a kubeconfig');
  }
  return value as Json;
}

const unreadable = (file: string, cause: string): ProblemError =>
  new ProblemError({
    code: 'kubeconfig-unreadable',
    message: `The kubeconfig ${file} cannot be read: ${cause}.`,
    hints: [{ kind: 'tool', argv: ['kubectl', 'config', 'view', '--kubeconfig', file] }],
  });

/** Adds the entries of one list whose names are new: a second entry of a name is discarded whole. */
function addNew(
  into: Map<string, Json>,
  config: Json,
  list: string,
  field: string,
  adapt: (value: Json) => Json,
): void {
  for (const entry of objectsAt(config, list)) {
    const name = textAt(entry, 'name');
    if (name && !into.has(name)) into.set(name, adapt(objectAt(entry, field)));
  }
}

/** Paths in a kubeconfig are relative to its own folder. */
function absolute(value: Json, fields: readonly string[], folder: string): Json {
  const paths = fields.flatMap((field) => {
    const path = textAt(value, field);
    return path && !isAbsolute(path) ? [[field, join(folder, path)]] : [];
  });
  return { ...value, ...(Object.fromEntries(paths) as Json) };
}

function absoluteUser(user: Json, folder: string): Json {
  const own = absolute(user, ['client-certificate', 'client-key', 'tokenFile'], folder);
  const command = textAt(objectAt(user, 'exec'), 'command');
  // A bare command name is looked for in PATH; one with a slash is a path like the others.
  if (!command?.includes(sep)) return own;
  return { ...own, exec: absolute(objectAt(user, 'exec'), ['command'], folder) };
}
