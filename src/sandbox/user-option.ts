import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import type { KubeCluster } from './kube/cluster/cluster.ts';
import type { KubeObject } from './kube/object.ts';
import { StatusError } from './kube/status-error.ts';
import { SandboxUsageError } from './usage-error.ts';

const GROUP = 'rbac.authorization.k8s.io';
const KINDS = ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'];
const HINT =
  'Write NAME=FILE, such as app-team=rights.yaml. FILE has Roles and ClusterRoles; they are bound to the user, unless FILE has a binding of them.';
const WRITER = { actor: 'nlbmc sandbox', manager: 'nlbmc-sandbox', internal: true } as const;

/** A user of the sandbox with the objects that give rights to it. */
export interface SandboxUser {
  readonly name: string;
  readonly objects: readonly KubeObject[];
}

/** Reads `NAME=FILE`. Raises SandboxUsageError for a file that gives no rights. */
export function parseUser(text: string): SandboxUser {
  const wrong = (why: string): SandboxUsageError =>
    new SandboxUsageError(`The user '${text}' ${why}.`, HINT);
  const [, name = '', file = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (!name) throw wrong('has no file');
  if (!/^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$/.test(name)) throw wrong('has a name that cannot be');
  let documents: unknown[];
  try {
    documents = loadAll(readFileSync(file, 'utf8'));
  } catch (error) {
    throw wrong(`cannot be read: ${(error as Error).message.split('\n')[0]}`);
  }
  const objects = documents
    .filter((one) => one !== null && one !== undefined)
    .flatMap((one) => {
      const { kind, items } = one as { kind?: string; items?: unknown[] };
      return kind === 'List' ? (items ?? []) : [one];
    }) as KubeObject[];
  const stray = objects.find(({ kind }) => !KINDS.includes(kind));
  if (stray) throw wrong(`has a file with a ${stray.kind}, and only rights can be in it`);
  if (objects.length === 0) throw wrong('has a file without Roles and ClusterRoles');
  return { name, objects: [...objects, ...bindingsFor(name, objects)] };
}

/** A binding to the user for each role that no binding of the file names. */
function bindingsFor(user: string, objects: readonly KubeObject[]): KubeObject[] {
  const bound = new Set(
    objects.flatMap(({ roleRef }) => (roleRef ? [`${roleRef.kind}/${roleRef.name}`] : [])),
  );
  return objects
    .filter(
      ({ kind, metadata }) => !kind.endsWith('Binding') && !bound.has(`${kind}/${metadata.name}`),
    )
    .map(({ kind, metadata }) => ({
      apiVersion: `${GROUP}/v1`,
      kind: `${kind}Binding`,
      metadata: {
        name: `${user}-${metadata.name}`,
        ...(metadata.namespace && { namespace: metadata.namespace }),
      },
      roleRef: { apiGroup: GROUP, kind, name: metadata.name },
      subjects: [{ apiGroup: GROUP, kind: 'User', name: user }],
    }));
}

/** Gives the user its rights in a cluster. Raises SandboxUsageError for what the API server refuses. */
export function giveRights(cluster: KubeCluster, { name, objects }: SandboxUser): void {
  for (const object of objects) {
    const namespaced = object.kind.startsWith('Role');
    const metadata = namespaced ? { namespace: 'default', ...object.metadata } : object.metadata;
    const key = `${object.kind.toLowerCase()}s.${GROUP}`;
    try {
      cluster.update(key, { ...object, metadata }, WRITER);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      const what = `${object.kind} ${object.metadata.name}`;
      throw new SandboxUsageError(
        `The ${what} of the user ${name} is refused: ${error.message}`,
        HINT,
      );
    }
  }
}
