import { createHash } from 'node:crypto';
import { NAME_ALPHABET } from '../kube/names.ts';
import { sortedJson } from '../kube/object.ts';

/** `length` characters in the style of generated names: the same ones for the same `seed`. */
export function nameSuffix(seed: string, length: number): string {
  const bytes = createHash('sha256').update(seed).digest();
  return Array.from(
    { length },
    (_, i) => NAME_ALPHABET[(bytes[i] ?? 0) % NAME_ALPHABET.length],
  ).join('');
}

/** The pod-template-hash of a Deployment's template: equal templates give equal hashes. */
export function templateHash(template: unknown): string {
  return nameSuffix(sortedJson(template), 10);
}
