import type { KubeObject } from '../../src/sandbox/kube/object.ts';
import type { KubeRest } from './kube-rest.ts';
import type { WatchEvent } from './watch.ts';

const AGAIN_MS = 100;
/** On the bookmark after which all that was there has been told (k8s.io/apimachinery, meta/v1/types.go). */
const INITIAL_END = 'k8s.io/initial-events-end';

/** What there is of one kind in all namespaces of a cluster, as of a moment ago. */
export class Informer {
  readonly #kube: KubeRest;
  readonly #resource: string;
  readonly #changed: (object: KubeObject, isGone: boolean) => void;
  readonly #objects = new Map<string, KubeObject>();
  #close: () => void = () => undefined;
  #isOver = false;

  /** @param changed is called with every object at first, and then with each that changes or goes */
  constructor(
    kube: KubeRest,
    resource: string,
    changed: (object: KubeObject, isGone: boolean) => void = () => undefined,
  ) {
    this.#kube = kube;
    this.#resource = resource;
    this.#changed = changed;
    this.#begin();
  }

  get objects(): readonly KubeObject[] {
    return [...this.#objects.values()];
  }

  stop(): void {
    this.#isOver = true;
    this.#close();
  }

  /** A server ends each watch after some time: the next one tells everything anew. */
  #begin(): void {
    if (this.#isOver) return;
    let initial: Set<string> | undefined = new Set();
    const seen = ({ type, object }: WatchEvent): void => {
      // Nothing more comes: the server ends the watch with it.
      if (type === 'ERROR') return;
      if (type !== 'BOOKMARK') {
        initial?.add(keyOf(object));
        this.#note(object, type === 'DELETED');
        return;
      }
      if (!initial || object.metadata.annotations?.[INITIAL_END] !== 'true') return;
      for (const [key, known] of this.#objects) if (!initial.has(key)) this.#note(known, true);
      initial = undefined;
    };
    const again = (): void => void setTimeout(() => this.#begin(), AGAIN_MS);
    this.#close = this.#kube.watch(this.#resource, seen, again);
  }

  #note(object: KubeObject, isGone: boolean): void {
    if (isGone) this.#objects.delete(keyOf(object));
    else this.#objects.set(keyOf(object), object);
    this.#changed(object, isGone);
  }
}

/** An object that was made anew under its old name is another one. */
const keyOf = ({ metadata }: KubeObject): string =>
  `${metadata.namespace}/${metadata.name}/${metadata.uid}`;
