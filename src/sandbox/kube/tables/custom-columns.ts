import type { KubeObject } from '../object.ts';
import { ageOf } from './age.ts';
import { nameColumn } from './column.ts';
import type { Column } from './column.ts';

interface PrinterColumn {
  readonly name: string;
  readonly type: Column['type'];
  readonly format?: string;
  readonly description?: string;
  readonly priority?: 0 | 1;
  readonly jsonPath: string;
}

const STEP =
  /\.([\w-]+|\*)|\['([^']+)'\]|\[(\d+|\*)\]|\[\?\(@\.([\w.]+)\s*==\s*["']([^"']*)["']\)\]/gy;

/**
 * The values that a printer column's jsonPath finds: fields, indexes, `*`, and the filter
 * `[?(@.type=="Ready")]`. Raises an Error for what is written in another way.
 */
export function valuesAt(object: unknown, jsonPath: string): unknown[] {
  let found: unknown[] = [object];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < jsonPath.length) {
    const at = STEP.lastIndex;
    const match = STEP.exec(jsonPath);
    if (!match) throw new Error(`cannot read jsonPath ${jsonPath} at ${jsonPath.slice(at)}`);
    const [, field, quoted, index, key, value] = match;
    const step = field ?? quoted ?? index;
    found = found.flatMap((one): unknown[] => {
      if (typeof one !== 'object' || one === null) return [];
      if (step === '*') return Object.values(one);
      if (key !== undefined)
        return Object.values(one).filter((item) => String(valuesAt(item, `.${key}`)[0]) === value);
      const part = (one as Record<string, unknown>)[step!];
      return part === undefined ? [] : [part];
    });
  }
  return found;
}

function cellOf(
  found: unknown[],
  type: Column['type'],
  now: Date,
): string | number | boolean | null {
  const [value] = found;
  if (value === undefined || value === null) return null;
  if (type === 'date') return ageOf(String(value), now);
  if (type !== 'string') return value as number | boolean;
  return found
    .map((one) => (typeof one === 'object' ? JSON.stringify(one) : String(one)))
    .join(',');
}

/** Name, then what the definition's version asks to print; Name and Age where it asks nothing. */
export function customColumns(crd: KubeObject, version: string, age: Column): readonly Column[] {
  const versions: { name: string; additionalPrinterColumns?: PrinterColumn[] }[] =
    crd.spec.versions;
  const asked = versions.find((one) => one.name === version)?.additionalPrinterColumns;
  if (!asked) return [nameColumn, age];
  const columns = asked.map((one): Column => ({
    name: one.name,
    type: one.type,
    format: one.format ?? '',
    description: one.description ?? '',
    priority: one.priority ?? 0,
    cell: (object, now) => cellOf(valuesAt(object, one.jsonPath), one.type, now),
  }));
  return [nameColumn, ...columns];
}
