import { deepFreeze } from '../object.ts';
import type { Schema } from '../schema/schema.ts';

/**
 * A set of field paths as a tree. Children are named as FieldsV1 names them: `f:spec` a field,
 * `k:{"port":80}` a list item by its keys, `v:"x"` an item of a set. Never changed once built.
 */
export interface FieldSet {
  /** The path that leads here is in the set itself. */
  readonly member: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

export const NOTHING: FieldSet = { member: false, children: new Map() };

const LEAF: FieldSet = { member: true, children: new Map() };

export function isEmpty(set: FieldSet): boolean {
  if (set.member) return false;
  for (const child of set.children.values()) if (!isEmpty(child)) return false;
  return true;
}

const isNothing = ({ member, children }: FieldSet): boolean => !member && children.size === 0;

/** Combines node by node; what comes out empty is left out. */
function combine(
  a: FieldSet,
  b: FieldSet,
  member: (inA: boolean, inB: boolean) => boolean,
): FieldSet {
  // What is on one side only is kept as it is or dropped as a whole: most of a write is.
  if (isNothing(b)) return member(true, false) ? a : NOTHING;
  if (isNothing(a)) return member(false, true) ? b : NOTHING;
  const own = member(a.member, b.member);
  // Most nodes are leaves; sharing what has no children keeps a write from making thousands.
  if (a.children.size === 0 && b.children.size === 0) return own ? LEAF : NOTHING;
  const children = new Map<string, FieldSet>();
  let same = own === a.member;
  for (const [name, child] of a.children) {
    const both = combine(child, b.children.get(name) ?? NOTHING, member);
    if (both !== child) same = false;
    if (!isEmpty(both)) children.set(name, both);
  }
  for (const [name, child] of b.children) {
    if (a.children.has(name)) continue;
    const both = combine(NOTHING, child, member);
    if (!isEmpty(both)) children.set(name, both);
  }
  // What has not changed stays the same object: its written form is known.
  return same && children.size === a.children.size ? a : { member: own, children };
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (inA, inB) => inA || inB);
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (inA, inB) => inA && inB);
}

/** What is in `a` and not itself in `b`: children of what is in `b` stay. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (inA, inB) => inA && !inB);
}

/** What is in `a` and neither in `b` nor below what is in `b`. */
export function without(a: FieldSet, b: FieldSet): FieldSet {
  if (b.member) return NOTHING;
  if (b.children.size === 0) return a;
  const children = new Map<string, FieldSet>();
  for (const [name, child] of a.children) {
    const rest = without(child, b.children.get(name) ?? NOTHING);
    if (!isEmpty(rest)) children.set(name, rest);
  }
  return { member: a.member, children };
}

/** A set of the given paths. */
export function setOf(paths: Iterable<readonly string[]>): FieldSet {
  const root: Building = { member: false, children: new Map() };
  for (const path of paths) {
    let node = root;
    for (const name of path) {
      const next = node.children.get(name) ?? { member: false, children: new Map() };
      node.children.set(name, next);
      node = next;
    }
    node.member = true;
  }
  return root;
}

interface Building {
  member: boolean;
  children: Map<string, Building>;
}

/** Every path in the set, in the order in which the server lists them. */
export function pathsOf(set: FieldSet, prefix: readonly string[] = []): string[][] {
  const below = sortedNames(set).flatMap((name) =>
    pathsOf(set.children.get(name) ?? NOTHING, [...prefix, name]),
  );
  return set.member ? [[...prefix], ...below] : below;
}

function sortedNames(set: FieldSet): string[] {
  return [...set.children.keys()].sort();
}

/** `.spec.ports[port=80,protocol="TCP"].name`, as conflicts are told. */
export function pathText(path: readonly string[]): string {
  return path.map(elementText).join('');
}

export function elementText(element: string): string {
  const value = element.slice(2);
  if (element.startsWith('f:')) return `.${value}`;
  if (element.startsWith('v:')) return `[=${value}]`;
  const keys = Object.entries(JSON.parse(value) as Record<string, unknown>);
  return `[${keys.map(([name, key]) => `${name}=${JSON.stringify(key)}`).join(',')}]`;
}

/** Adds the struct fields on the way to what is in the set: `a.b` brings `a`, unless it is a map. */
export function withNamedFields(set: FieldSet, schema: Schema | undefined): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [name, child] of set.children) {
    const named = name.startsWith('f:') && Object.hasOwn(schema?.properties ?? {}, name.slice(2));
    const inner = withNamedFields(child, childSchema(schema, name));
    children.set(name, { member: inner.member || named, children: inner.children });
  }
  return { member: set.member, children };
}

/** The shape of what a path element leads to; undefined where the schema leaves it open. */
export function childSchema(schema: Schema | undefined, element: string): Schema | undefined {
  if (!element.startsWith('f:')) return schema?.items;
  const name = element.slice(2);
  const fields = schema?.properties;
  return fields && Object.hasOwn(fields, name) ? fields[name] : schema?.additionalProperties;
}

/** The written form of a set, frozen, and the way back: most managers' fields stay as they are in a write. */
const written = new WeakMap<FieldSet, Record<string, unknown>>();
const read = new WeakMap<object, FieldSet>();

/** FieldsV1 as it stands in metadata.managedFields. */
export function toFieldsV1(set: FieldSet): Record<string, unknown> {
  const known = written.get(set);
  if (known) return known;
  const fields = deepFreeze(nodeOf(set));
  written.set(set, fields);
  read.set(fields, set);
  return fields;
}

function nodeOf(set: FieldSet): Record<string, unknown> {
  const node: Record<string, unknown> = {};
  if (set.member && set.children.size > 0) node['.'] = {};
  for (const name of sortedNames(set)) node[name] = nodeOf(set.children.get(name) ?? NOTHING);
  return node;
}

/** Reads FieldsV1; throws an Error for a name that is no path element. */
export function fromFieldsV1(fields: unknown): FieldSet {
  const known = typeof fields === 'object' && fields !== null ? read.get(fields) : undefined;
  if (known) return known;
  const { children } = parse(fields);
  return { member: typeof fields === 'object' && fields !== null && '.' in fields, children };
}

function parse(fields: unknown): FieldSet {
  if (typeof fields !== 'object' || fields === null) throw new Error('fieldsV1 must be an object');
  const children = new Map<string, FieldSet>();
  for (const [name, below] of Object.entries(fields)) {
    if (name !== '.') children.set(canonical(name), parse(below));
  }
  return { member: '.' in fields || children.size === 0, children };
}

/** List keys in one order, however they were written. */
function canonical(name: string): string {
  if (!/^[fkvi]:/.test(name)) throw new Error(`"${name}" is no path element`);
  if (!name.startsWith('k:')) return name;
  return keyElement(JSON.parse(name.slice(2)) as Record<string, unknown>);
}

export function keyElement(keys: Record<string, unknown>): string {
  const sorted = Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1));
  return `k:${JSON.stringify(Object.fromEntries(sorted))}`;
}
