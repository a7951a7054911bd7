import { createHash } from 'node:crypto';

// Kubernetes leaves out vowels and look-alikes (apimachinery pkg/util/rand/rand.go).
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** `length` characters in the style of generated names: the same ones for the same `seed`. */
export function nameSuffix(seed: string, length: number): string {
  const bytes = createHash('sha256').update(seed).digest();
  return Array.from({ length }, (_, i) => ALPHABET[(bytes[i] ?? 0) % ALPHABET.length]).join('');
}

/** The pod-template-hash of a Deployment's template: equal templates give equal hashes. */
export function templateHash(template: unknown): string {
  return nameSuffix(JSON.stringify(sortKeys(template)), 10);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sortKeys(part)]));
}
