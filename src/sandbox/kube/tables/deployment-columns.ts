import type { KubeObject } from '../object.ts';
import { scaleOf } from '../scale.ts';
import { column, nameColumn, wide } from './column.ts';
import type { Column } from './column.ts';

function containers(field: 'name' | 'image'): (object: KubeObject) => string {
  return (object) => {
    const list: Record<string, string>[] = object.spec.template?.spec?.containers ?? [];
    return list.map((container) => container[field]).join(',');
  };
}

const templateColumns: readonly Column[] = [
  wide('Containers', containers('name')),
  wide('Images', containers('image')),
  wide('Selector', (object) => scaleOf(object).status.selector || '<none>'),
];

function counted(field: string): (object: KubeObject) => number {
  return (object) => object.status?.[field] ?? 0;
}

export function deploymentColumns(age: Column): readonly Column[] {
  return [
    nameColumn,
    column('Ready', (one) => `${one.status?.readyReplicas ?? 0}/${one.spec.replicas}`),
    column('Up-to-date', counted('updatedReplicas'), 'integer'),
    column('Available', counted('availableReplicas'), 'integer'),
    age,
    ...templateColumns,
  ];
}

export function replicaSetColumns(age: Column): readonly Column[] {
  return [
    nameColumn,
    column('Desired', (one) => one.spec.replicas, 'integer'),
    column('Current', counted('replicas'), 'integer'),
    column('Ready', counted('readyReplicas'), 'integer'),
    age,
    ...templateColumns,
  ];
}
