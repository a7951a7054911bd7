import type { Clock } from '../time/clock.ts';
import type { LogLine } from '../kube/cluster/cluster.ts';

/** As many as the connections that a person may ask of one pod without being asked back, and more. */
const KEPT_LINES = 20_000;
/** Old lines go by so many at a time: to take one from the front of a long list costs much. */
const DROPPED_LINES = 1_000;

export interface PodLogs {
  append(uid: string, text: string): void;
  /** The pod's lines, oldest first; none for a pod that never wrote. */
  lines(uid: string): readonly LogLine[];
  forget(uid: string): void;
}

/** What the containers of one cluster wrote; of each pod at least the last 20,000 lines are kept. */
export function podLogs(clock: Clock): PodLogs {
  const logs = new Map<string, LogLine[]>();
  return {
    append(uid, text) {
      const lines = logs.get(uid) ?? [];
      lines.push({ at: clock.date(), text });
      if (lines.length > KEPT_LINES + DROPPED_LINES) lines.splice(0, DROPPED_LINES);
      logs.set(uid, lines);
    },
    lines: (uid) => logs.get(uid) ?? [],
    forget: (uid) => void logs.delete(uid),
  };
}

/** What a container says when it starts; nginx's notices carry its own date format. */
export function startupLines(image: string, now: Date): string[] {
  if (!/(^|\/)nginx(:|@|$)/.test(image)) return [`started ${image}`];
  const stamp = now.toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
  const version = /:(\d[\w.]*)/.exec(image)?.[1] ?? 'latest';
  return [
    '/docker-entrypoint.sh: Configuration complete; ready for start up',
    `${stamp} [notice] 1#1: nginx/${version}`,
    `${stamp} [notice] 1#1: start worker processes`,
  ];
}

/** A request that a pod answered. */
export interface AccessLogEntry {
  readonly at: Date;
  readonly client: string;
  /** `GET / HTTP/1.1` */
  readonly requestLine: string;
  readonly status: number;
  readonly bytes: number;
  readonly userAgent: string;
}

/** One request in the log format of nginx's stock configuration. */
export function accessLine(request: AccessLogEntry): string {
  const [, date, month, year, time] = request.at.toUTCString().split(' ');
  const at = `${date}/${month}/${year}:${time} +0000`;
  const { client, requestLine, status, bytes, userAgent } = request;
  return `${client} - - [${at}] "${requestLine}" ${status} ${bytes} "-" "${userAgent}" "-"`;
}
