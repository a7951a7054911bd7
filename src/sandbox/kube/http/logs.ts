import type { Cancel } from '../../time/clock.ts';
import type { LogLine } from '../cluster/cluster.ts';
import type { KubeObject } from '../object.ts';
import { badRequest, notFound } from '../status-error.ts';
import { text } from './exchange.ts';
import type { Answer, Request } from './exchange.ts';
import type { Target } from './target.ts';
import { count, flag } from './verb.ts';

const POLL_MS = 500;

/** The container meant. Raises 400 where it is none of the pod's, or several are there. */
function containerOf(pod: KubeObject, asked: string | null): string {
  const names: string[] = pod.spec.containers.map((one: { name: string }) => one.name);
  const { name } = pod.metadata;
  if (asked && !names.includes(asked))
    throw badRequest(`container ${asked} is not valid for pod ${name}`);
  if (!asked && names.length > 1)
    throw badRequest(
      `a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`,
    );
  return asked || names[0]!;
}

function checkStarted(pod: KubeObject, container: string): void {
  const status = pod.status?.containerStatuses?.find(
    (one: { name: string }) => one.name === container,
  );
  if (status && !status.state?.waiting) return;
  const why = status?.state?.waiting?.reason;
  if (!pod.spec.nodeName)
    throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  throw badRequest(
    `container "${container}" in pod "${pod.metadata.name}" is waiting to start: ${why ?? 'ContainerCreating'}`,
  );
}

/** GET pods/NAME/log: tailLines, sinceSeconds, sinceTime, timestamps, limitBytes, follow. */
export function logs(request: Request, { def, namespace, name }: Target): Answer {
  const { cluster, query } = request;
  const pod = cluster.get('pods', namespace, name);
  if (!pod) throw notFound(def, name);
  const container = containerOf(pod, query.get('container'));
  if (flag(query, 'previous'))
    throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
  checkStarted(pod, container);
  const all = (): readonly LogLine[] => cluster.podLogs?.(namespace, name, container) ?? [];
  const write = (lines: readonly LogLine[]): string =>
    lines
      .map(({ at, text: line }) =>
        flag(query, 'timestamps') ? `${at.toISOString()} ${line}\n` : `${line}\n`,
      )
      .join('');
  const since = sinceOf(request);
  const recent = all().filter((line) => line.at.getTime() >= since);
  const tail = count(query, 'tailLines');
  const shown = tail === undefined ? recent : recent.slice(Math.max(0, recent.length - tail));
  if (!flag(query, 'follow'))
    return text(write(shown).slice(0, count(query, 'limitBytes') ?? undefined));
  return follow(request, { all, write, shown, isThere: () => isThere(request, pod) });
}

function sinceOf({ cluster, query }: Request): number {
  const seconds = count(query, 'sinceSeconds');
  if (seconds !== undefined) return cluster.clock.date().getTime() - seconds * 1000;
  return Date.parse(query.get('sinceTime') ?? '') || 0;
}

function isThere({ cluster }: Request, pod: KubeObject): boolean {
  const { namespace = '', name, uid } = pod.metadata;
  return cluster.get('pods', namespace, name)?.metadata.uid === uid;
}

function follow(
  { cluster }: Request,
  o: {
    readonly all: () => readonly LogLine[];
    readonly write: (lines: readonly LogLine[]) => string;
    readonly shown: readonly LogLine[];
    readonly isThere: () => boolean;
  },
): Answer {
  return {
    kind: 'stream',
    type: 'text/plain',
    start(sink) {
      sink.write(o.write(o.shown));
      let last = o.all().at(-1);
      let stop: Cancel | undefined;
      const poll = (): void => {
        const lines = o.all();
        const fresh = lines.slice(last ? lines.lastIndexOf(last) + 1 : 0);
        if (fresh.length > 0) sink.write(o.write(fresh));
        last = lines.at(-1) ?? last;
        if (o.isThere()) stop = cluster.clock.after(POLL_MS, poll);
        else sink.end();
      };
      stop = cluster.clock.after(POLL_MS, poll);
      sink.onEnd(() => stop?.());
    },
  };
}
