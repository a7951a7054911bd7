import type { Flavour, ObjectName } from '../core/model/kubernetes.ts';
import { flavours } from '../core/model/flavours.ts';
import type { KubeClient } from './client.ts';
import type { Failure, Subject } from './failure.ts';
import { objectAt, textAt } from './json.ts';
import { bindingPath, pathOf, withQuery } from './paths.ts';

/** Objects that are watched: one Service, or the bindings of one controller in a namespace. */
export type Watched =
  | { readonly kind: 'service'; readonly service: ObjectName }
  | { readonly kind: 'bindings'; readonly namespace: string; readonly flavour: Flavour };

/** That an object was made or changed, or deleted. */
export interface Told {
  readonly name: string;
  readonly uid: string;
  /** Its version now; undefined: it is gone. */
  readonly version?: string;
  /** The Service of a binding. */
  readonly service?: string;
}

/** What the watch is about, as a person's rights are spelled. */
export function watchSubject(watched: Watched): Subject {
  if (watched.kind === 'service')
    return { verb: 'watch', resource: 'services', ...watched.service };
  const { group } = flavours[watched.flavour];
  return { verb: 'watch', resource: 'targetgroupbindings', group, namespace: watched.namespace };
}

/**
 * Tells each change until `signal` aborts; first what is there, as an API server does without a
 * `resourceVersion` (Kubernetes API concepts, "Semantics for watch"). Gives why it ended; `over`:
 * the server ended it, which it does in order now and then. Never rejects.
 */
export function watchChanges(
  kube: KubeClient,
  watched: Watched,
  told: (change: Told) => void,
  signal: AbortSignal,
): Promise<Failure | 'over'> {
  const path =
    watched.kind === 'service'
      ? withQuery(pathOf('services', { namespace: watched.service.namespace }), {
          fieldSelector: `metadata.name=${watched.service.name}`,
          watch: true,
        })
      : withQuery(bindingPath(watched.flavour, { namespace: watched.namespace }), { watch: true });
  return kube.follow(
    { subject: watchSubject(watched), path },
    (event) => {
      const type = textAt(event, 'type') ?? '';
      // A bookmark tells of no object, and an error of none that is known.
      if (!['ADDED', 'MODIFIED', 'DELETED'].includes(type)) return;
      const metadata = objectAt(event, 'object', 'metadata');
      const [uid, name] = [textAt(metadata, 'uid'), textAt(metadata, 'name')];
      const version = textAt(metadata, 'resourceVersion');
      if (uid === undefined || name === undefined || version === undefined) return;
      const service = textAt(objectAt(event, 'object', 'spec', 'serviceRef'), 'name');
      told({
        name,
        uid,
        ...(type === 'DELETED' ? {} : { version }),
        ...(service === undefined ? {} : { service }),
      });
    },
    signal,
  );
}
