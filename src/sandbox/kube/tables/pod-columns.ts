import type { KubeObject } from '../object.ts';
import { ageOf } from './age.ts';
import { column, nameColumn, wide } from './column.ts';
import type { Column } from './column.ts';

interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state?: {
    readonly running?: object;
    readonly waiting?: { readonly reason?: string };
    readonly terminated?: { readonly reason?: string; readonly exitCode?: number };
  };
  readonly lastState?: { readonly terminated?: { readonly finishedAt?: string } };
}

function statusesOf(pod: KubeObject): readonly ContainerStatus[] {
  return pod.status?.containerStatuses ?? [];
}

/** Source: kubernetes pkg/printers/internalversion/printers.go, printPod; init containers left out. */
function statusOf(pod: KubeObject): string {
  let word: string = pod.status?.reason || pod.status?.phase || '';
  for (const { state } of [...statusesOf(pod)].reverse()) {
    if (state?.waiting?.reason) word = state.waiting.reason;
    else if (state?.terminated)
      word = state.terminated.reason || `ExitCode:${state.terminated.exitCode}`;
  }
  if (!pod.metadata.deletionTimestamp) return word;
  return pod.status?.reason === 'NodeLost' ? 'Unknown' : 'Terminating';
}

function restarts(pod: KubeObject, now: Date): string | number {
  const statuses = statusesOf(pod);
  const count = statuses.reduce((sum, status) => sum + status.restartCount, 0);
  const ended = statuses.map((status) => status.lastState?.terminated?.finishedAt ?? '').sort();
  const last = ended.at(-1);
  return count > 0 && last ? `${count} (${ageOf(last, now)} ago)` : String(count);
}

function gates(pod: KubeObject): string {
  const wanted: { conditionType: string }[] = pod.spec.readinessGates ?? [];
  if (wanted.length === 0) return '<none>';
  const conditions: { type: string; status: string }[] = pod.status?.conditions ?? [];
  const open = wanted.filter((gate) =>
    conditions.some(({ type, status }) => type === gate.conditionType && status === 'True'),
  );
  return `${open.length}/${wanted.length}`;
}

export function podColumns(age: Column): readonly Column[] {
  return [
    nameColumn,
    column('Ready', (pod) => {
      const ready = statusesOf(pod).filter((status) => status.ready);
      return `${ready.length}/${pod.spec.containers.length}`;
    }),
    column('Status', statusOf),
    column('Restarts', restarts),
    age,
    wide('IP', (pod) => pod.status?.podIP ?? '<none>'),
    wide('Node', (pod) => pod.spec.nodeName ?? '<none>'),
    wide('Nominated Node', (pod) => pod.status?.nominatedNodeName ?? '<none>'),
    wide('Readiness Gates', gates),
  ];
}
