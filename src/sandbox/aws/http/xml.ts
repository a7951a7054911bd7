import { types } from 'node:util';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

const escape = (text: string): string =>
  text
    // Control characters cannot stand in XML 1.0, not even escaped.
    .replace(/\p{Cc}/gu, (one) => (/\s/.test(one) ? one : ''))
    .replace(/[&<>"']/g, (one) => ESCAPES[one] ?? one);

/** How a service spells its answers. */
export interface Dialect {
  /** Element name of a list's items. */
  readonly item: 'member' | 'item';
  /** Element name of a field, given the field or list it stands in. */
  readonly name: (field: string, within: string) => string;
}

/** The Query services say what the API reference says. */
export const PLAIN: Dialect = { item: 'member', name: (field) => field };

/** The elements for a structure's fields; undefined ones are left out. */
export function fields(dialect: Dialect, struct: object, within = ''): string {
  return Object.entries(struct)
    .map(([field, value]) => element(dialect, dialect.name(field, within), value, field))
    .join('');
}

function element(dialect: Dialect, name: string, value: unknown, field: string): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) {
    const items = value.map((one) => element(dialect, dialect.item, one, field));
    return `<${name}>${items.join('')}</${name}>`;
  }
  // Not instanceof: a clone may come from another realm.
  if (types.isDate(value)) return `<${name}>${value.toISOString()}</${name}>`;
  if (typeof value === 'object') return `<${name}>${fields(dialect, value, field)}</${name}>`;
  return `<${name}>${escape(String(value))}</${name}>`;
}
