import type { KubeObject } from '../object.ts';

/** Orders as etcd does: by namespace, then name, bytewise. */
export function placeOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

/** Objects of one resource. They are kept in order, because a large cluster is listed all the time. */
export class SortedObjects {
  readonly #objects = new Map<string, KubeObject>();
  readonly #places: string[] = [];

  constructor(objects: readonly KubeObject[] = []) {
    for (const object of objects) this.set(object);
  }

  get(place: string): KubeObject | undefined {
    return this.#objects.get(place);
  }

  set(object: KubeObject): void {
    const place = placeOf(object);
    if (!this.#objects.has(place)) this.#places.splice(this.#positionOf(place), 0, place);
    this.#objects.set(place, object);
  }

  delete(object: KubeObject): void {
    const place = placeOf(object);
    if (this.#objects.delete(place)) this.#places.splice(this.#positionOf(place), 1);
  }

  /** In order; `namespace` absent or empty means all. */
  list(namespace?: string): KubeObject[] {
    const places = namespace ? this.#within(`${namespace}/`) : this.#places;
    return places.map((place) => this.#objects.get(place)!);
  }

  #within(prefix: string): readonly string[] {
    const rest = this.#places.slice(this.#positionOf(prefix));
    const end = rest.findIndex((place) => !place.startsWith(prefix));
    return end < 0 ? rest : rest.slice(0, end);
  }

  /** Where a place is, or would be. */
  #positionOf(place: string): number {
    let [low, high] = [0, this.#places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#places[middle]! < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
