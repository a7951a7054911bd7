import type { Step } from '../../sandbox/kube/golden/exchange.ts';
import { randomFrom } from '../../random.ts';
import { KINDS, METADATA, type KindValues } from './field-values.ts';

type Json = Record<string, unknown>;
type Random = () => number;

const pick = <T>(random: Random, list: readonly T[]): T =>
  list[Math.floor(random() * list.length)]!;

/** In a body: the resourceVersion that this server last gave the object. */
export const CURRENT = 'CURRENT';

function set(object: Json, path: string, value: unknown): void {
  const parts = path.split('.');
  const last = parts.pop()!;
  let holder = object;
  for (const part of parts) holder = (holder[part] ??= {}) as Json;
  holder[last] = value;
}

type Change = readonly [path: string, value: unknown];

function change(random: Random, { fields }: KindValues): Change {
  const own = random() < 0.75 ? fields : METADATA;
  const path = pick(random, Object.keys(own));
  return [path, pick(random, own[path]!)];
}

function objectOf(random: Random, kind: KindValues, most: number): Json {
  const object = structuredClone(kind.object);
  for (let n = Math.floor(random() * (most + 1)); n > 0; n--) {
    const [path, value] = change(random, kind);
    set(object, path, value);
  }
  return object;
}

const patchOf = (changes: readonly Change[]): Json => {
  const patch: Json = {};
  for (const [path, value] of changes) set(patch, path, value);
  return patch;
};

const DRY = '?dryRun=All';

function patchStep(random: Random, kind: KindValues, at: string): Step {
  const changes = [change(random, kind), ...(random() < 0.3 ? [change(random, kind)] : [])];
  const query = random() < 0.1 ? DRY : '';
  const patch = (type: string, body: unknown): Step => ({
    verb: 'PATCH',
    path: at + query,
    type: `application/${type}-patch+json`,
    body,
  });
  const form = random();
  if (form < 0.55 || kind.custom) return patch('merge', patchOf(changes));
  if (form < 0.75) return patch('strategic-merge', patchOf(changes));
  const op = pick(random, ['add', 'replace', 'remove', 'test']);
  const [path, value] = changes[0]!;
  return patch('json', [{ op, path: `/${path.replaceAll('.', '/')}`, value }]);
}

function applyStep(random: Random, kind: KindValues, at: string): Step {
  const manager = pick(random, ['m', 'n']);
  const force = random() < 0.4 ? '&force=true' : '';
  return {
    verb: 'PATCH',
    path: `${at}?fieldManager=${manager}${force}`,
    type: 'application/apply-patch+yaml',
    body: objectOf(random, kind, 2),
  };
}

function putStep(random: Random, kind: KindValues, at: string): Step {
  const object = objectOf(random, kind, 2);
  const version = random();
  if (version < 0.6) set(object, 'metadata.resourceVersion', CURRENT);
  else if (version < 0.7) set(object, 'metadata.resourceVersion', '1');
  return { verb: 'PUT', path: at, body: object };
}

function statusStep(random: Random, { status = {} }: KindValues, at: string): Step {
  const path = pick(random, Object.keys(status));
  const changes: Change[] = [[path, pick(random, status[path]!)]];
  if (random() < 0.3) changes.push(['metadata.labels', { s: 't' }]);
  const body = patchOf(changes);
  return { verb: 'PATCH', path: `${at}/status`, type: 'application/merge-patch+json', body };
}

function scaleStep(random: Random, at: string): Step {
  const body = { spec: { replicas: pick(random, [0, 1, 4, -1]) } };
  return { verb: 'PATCH', path: `${at}/scale`, type: 'application/merge-patch+json', body };
}

function deleteStep(random: Random, at: string): Step {
  const options = { apiVersion: 'v1', kind: 'DeleteOptions' };
  const body = pick<Json | undefined>(random, [
    undefined,
    options,
    { ...options, propagationPolicy: 'Background' },
    { ...options, dryRun: ['All'] },
    { ...options, propagationPolicy: 'x' },
    { ...options, preconditions: { uid: 'x' } },
    { ...options, gracePeriodSeconds: 0 },
  ]);
  return { verb: 'DELETE', path: at, ...(body && { body }) };
}

/** Requests about one object, one after another; the same for the same seed. */
export function sequence(seed: number): readonly Step[] {
  const random = randomFrom(seed);
  const kind = pick(random, KINDS);
  const at = `${kind.path}/a`;
  const first: Step =
    random() < 0.75
      ? { verb: 'POST', path: kind.path, body: objectOf(random, kind, 2) }
      : applyStep(random, kind, at);
  const steps = [first];
  while (steps.length < 9) {
    const form = random();
    if (form < 0.45) steps.push(patchStep(random, kind, at));
    else if (form < 0.6) steps.push(applyStep(random, kind, at));
    else if (form < 0.75) steps.push(putStep(random, kind, at));
    else if (form < 0.83 && kind.status) steps.push(statusStep(random, kind, at));
    else if (form < 0.88 && kind.scales) steps.push(scaleStep(random, at));
    else if (form < 0.94) steps.push({ verb: 'GET', path: at });
    else steps.push(deleteStep(random, at));
  }
  return steps;
}
