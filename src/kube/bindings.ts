import type { Binding, Flavour, ObjectName } from '../core/model/kubernetes.ts';
import type { KubeDocument, WriteStep } from '../core/plan/plan.ts';
import type { Problem, Reading } from '../core/model/problem.ts';
import { known, unknown } from '../core/model/problem.ts';
import { bindingOf } from './binding-fields.ts';
import type { KubeClient } from './client.ts';
import type { Subject } from './failure.ts';
import { flavourOf, flavours } from '../core/model/flavours.ts';
import { type Json, objectsAt, textAt } from './json.ts';
import { isForbidden, type Listed, listAll } from './list.ts';
import { bindingPath, withQuery, writeParameters } from './paths.ts';
import { isKindUnknown } from './problem.ts';

/** Bindings, and whether those of the whole cluster could be read or of one namespace only. */
export interface BindingsRead {
  readonly scope: 'cluster' | 'namespace';
  /** Whose bindings the cluster serves. */
  readonly served: readonly Flavour[];
  /** Whose bindings could be read of one namespace only. */
  readonly narrow: readonly Flavour[];
  /** Where some namespaces could be listed, those in them. */
  readonly bindings: Reading<readonly Binding[]>;
  /** By namespace, why those in it could not be listed, where those in another one could. */
  readonly unlisted: Readonly<Record<string, Problem>>;
}

/**
 * All bindings of a cluster, of both controllers; those of these namespaces where the person may not list
 * them all. That the cluster does not serve the kind of EKS Auto Mode is normal; that it serves
 * neither is Problem `crd-missing`.
 */
export async function listBindings(
  kube: KubeClient,
  namespaces: readonly string[],
): Promise<BindingsRead> {
  const [lbc, auto] = await Promise.all([
    listFlavour(kube, 'lbc', namespaces),
    listFlavour(kube, 'auto-mode', namespaces),
  ]);
  const parts = [lbc, auto].filter(({ lists }) => lists !== 'not-served');
  const served = parts.map(({ flavour }) => flavour);
  const narrow = parts.flatMap((part) => (part.scope === 'namespace' ? part.flavour : []));
  const scope = narrow.length > 0 ? 'namespace' : 'cluster';
  const found: Binding[] = [];
  const unlisted: Record<string, Problem> = {};
  for (const { flavour, lists } of parts) {
    if (lists === 'not-served') continue;
    const refused = lists.flatMap(({ namespace, listed }) => {
      if (listed.ok) return [];
      const where = namespace === undefined ? {} : { namespace };
      const problem = kube.problem(listed.failure, subjectOf('list', flavour, where));
      return [{ namespace: namespace ?? '', problem }];
    });
    const [first] = refused;
    if (first && refused.length === lists.length) {
      return { scope, served, narrow, bindings: unknown(first.problem), unlisted: {} };
    }
    for (const { namespace, problem } of refused) unlisted[namespace] = problem;
    const items = lists.flatMap(({ listed }) => (listed.ok ? listed.items : []));
    found.push(...items.map((item) => bindingOf(item, flavour)));
  }
  if (served.length > 0) return { scope, served, narrow, bindings: known(found), unlisted };
  const notServed = { kind: 'status', status: 404, body: undefined, text: '' } as const;
  const bindings = unknown(kube.problem(notServed, subjectOf('list', 'lbc', {})));
  return { scope, served, narrow, bindings, unlisted };
}

interface FlavourRead {
  readonly flavour: Flavour;
  readonly scope: 'cluster' | 'namespace';
  /** Of the whole cluster, or of each namespace. */
  readonly lists:
    | 'not-served'
    | readonly { readonly namespace?: string; readonly listed: Listed }[];
}

async function listFlavour(
  kube: KubeClient,
  flavour: Flavour,
  namespaces: readonly string[],
): Promise<FlavourRead> {
  const all = await listAll(kube, subjectOf('list', flavour, {}), bindingPath(flavour));
  if (all.ok || !isForbidden(all.failure)) {
    const isUnknown = !all.ok && isKindUnknown(all.failure);
    return { flavour, scope: 'cluster', lists: isUnknown ? 'not-served' : [{ listed: all }] };
  }
  // Rights are checked before the kind: 403 also comes for a kind that is not there. Discovery,
  // which every user may read, tells.
  if ((await isServed(kube, flavour)) === false) {
    return { flavour, scope: 'cluster', lists: 'not-served' };
  }
  const lists = namespaces.map(async (namespace) => {
    const path = bindingPath(flavour, { namespace });
    return {
      namespace,
      listed: await listAll(kube, subjectOf('list', flavour, { namespace }), path),
    };
  });
  return { flavour, scope: 'namespace', lists: await Promise.all(lists) };
}

/** Whether the API server has the kind; undefined when it would not say. */
async function isServed(kube: KubeClient, flavour: Flavour): Promise<boolean | undefined> {
  const { group, version } = flavours[flavour];
  const subject = subjectOf('get', flavour, {});
  const answer = await kube.send({ subject, path: `/apis/${group}/${version}` });
  if (!answer.ok) return isKindUnknown(answer.failure) ? false : undefined;
  return objectsAt(answer.body, 'resources').some(
    (resource) => textAt(resource, 'name') === 'targetgroupbindings',
  );
}

/**
 * Server-side apply of a whole binding: create and update in one. The echo is the object as the
 * server made it. Problems: `field-conflict` with paths and managers, `field-stripped` where the CRD
 * lacks a field, `admission-denied`, `webhook-unreachable`.
 */
export function applyBinding(
  kube: KubeClient,
  document: KubeDocument,
  o: { readonly force: boolean; readonly dryRun: boolean },
): Promise<Reading<KubeDocument>> {
  const flavour = flavourOf(document.apiVersion) ?? 'lbc';
  const { namespace, name } = document.metadata;
  return patched(
    kube,
    flavour,
    { namespace, name },
    {
      contentType: 'application/apply-patch+yaml',
      body: document,
      // Strict: a field that the CRD does not know would be dropped in silence, the flag among them.
      parameters: {
        ...writeParameters(o.dryRun),
        force: o.force ? 'true' : undefined,
        fieldValidation: 'Strict',
      },
    },
  );
}

/**
 * Rehearses the flag on a binding that is there, to see whether cluster and controller keep it. Not
 * strict: the echo without the flag is the answer that is wanted.
 */
export function patchFlag(
  kube: KubeClient,
  binding: ObjectName & { readonly flavour: Flavour },
  o: { readonly dryRun: boolean },
): Promise<Reading<KubeDocument>> {
  const { namespace, name } = binding;
  return patched(
    kube,
    binding.flavour,
    { namespace, name },
    {
      contentType: 'application/merge-patch+json',
      body: { spec: { multiClusterTargetGroup: true } },
      parameters: { ...writeParameters(o.dryRun), fieldValidation: 'Ignore' },
    },
  );
}

/**
 * Sets or clears the flag of a binding that is there, if it is still the one that was planned for
 * (`object-changed` if not). A patch of that one field leaves every other one with its manager.
 */
export function setFlag(
  kube: KubeClient,
  { binding, resourceVersion, flag }: Extract<WriteStep, { kind: 'set-flag' }>,
  o: { readonly dryRun: boolean },
): Promise<Reading<KubeDocument>> {
  const { flavour, namespace, name } = binding;
  return patched(
    kube,
    flavour,
    { namespace, name },
    {
      contentType: 'application/merge-patch+json',
      body: { metadata: { resourceVersion }, spec: { multiClusterTargetGroup: flag } },
      parameters: { ...writeParameters(o.dryRun), fieldValidation: o.dryRun ? 'Ignore' : 'Strict' },
    },
  );
}

interface Patch {
  readonly contentType: string;
  readonly body: unknown;
  readonly parameters: Readonly<Record<string, string | undefined>>;
}

async function patched(
  kube: KubeClient,
  flavour: Flavour,
  name: ObjectName,
  patch: Patch,
): Promise<Reading<KubeDocument>> {
  const read = await kube.read({
    subject: subjectOf('patch', flavour, name),
    method: 'PATCH',
    path: withQuery(bindingPath(flavour, name), patch.parameters),
    contentType: patch.contentType,
    body: patch.body,
  });
  return read.ok ? known(documentOf(read.value)) : read;
}

/** An answer to a write is the object that was written: it has what a document has. */
const documentOf = (object: Json): KubeDocument => object as unknown as KubeDocument;

const subjectOf = (verb: Subject['verb'], flavour: Flavour, at: Partial<ObjectName>): Subject => ({
  verb,
  resource: 'targetgroupbindings',
  group: flavours[flavour].group,
  ...at,
});
