import type { KubeObject } from '../object.ts';

type Cell = string | number | boolean | null;

/** One column of a Table; `priority` 1 is shown by `-o wide` only. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format: string;
  readonly description: string;
  readonly priority: 0 | 1;
  cell(object: KubeObject, now: Date): Cell;
}

/** A column of text or numbers, shown always. */
export function column(
  name: string,
  cell: Column['cell'],
  type: Column['type'] = 'string',
): Column {
  const format = name === 'Name' ? 'name' : '';
  return { name, type, format, description: name, priority: 0, cell };
}

/** A column that only `-o wide` shows. */
export function wide(name: string, cell: Column['cell']): Column {
  return { ...column(name, cell), priority: 1 };
}

export const nameColumn = column('Name', (object) => object.metadata.name);

/** Labels as a selector's text; `<none>` without any. */
export function labelText(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return pairs.length > 0 ? pairs.sort().join(',') : '<none>';
}
