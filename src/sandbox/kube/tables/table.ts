import type { KubeObject } from '../object.ts';
import type { Column } from './column.ts';

export type IncludeObject = 'Metadata' | 'Object' | 'None';

/** An object reduced to its metadata, meta.k8s.io/v1. */
export function partialOf(object: KubeObject): KubeObject {
  return {
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata: object.metadata,
  };
}

/** Objects as a meta.k8s.io/v1 Table; without `headers` the columns are left out, as on a watch. */
export function tableOf(
  columns: readonly Column[],
  objects: readonly KubeObject[],
  o: {
    readonly metadata: object;
    readonly now: Date;
    readonly include: IncludeObject;
    readonly headers?: boolean;
  },
): object {
  const definitions = columns.map(({ name, type, format, description, priority }) => ({
    name,
    type,
    format,
    description,
    priority,
  }));
  const included = {
    Metadata: partialOf,
    Object: (object: KubeObject) => object,
    None: () => undefined,
  }[o.include];
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: o.metadata,
    columnDefinitions: o.headers === false ? null : definitions,
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, o.now)),
      object: included(object),
    })),
  };
}
