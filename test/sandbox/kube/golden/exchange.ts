/**
 * One request to an API server. In path and body, NS is replaced by the namespace of the row; names
 * of objects without a namespace start with it, so that rows do not meet.
 */
export interface Step {
  readonly verb: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** Media type of the body, JSON without it. */
  readonly type?: string;
  /** Whom the administrator impersonates. */
  readonly user?: string;
}

export interface Reply {
  readonly status: number;
  /** Parsed JSON, else the text. */
  readonly body: unknown;
}

/** Sends a request as the administrator and gives back what came. */
export type Ask = (step: Step) => Promise<Reply>;

type Json = Record<string, unknown>;

const isMap = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Puts the namespace in. */
export function inNamespace(step: Step, namespace: string): Step {
  const text = JSON.stringify(step).replaceAll(/\bNS\b/g, namespace);
  return JSON.parse(text) as Step;
}

// What each server chooses for itself.
const OWN = ['uid', 'resourceVersion', 'creationTimestamp', 'time'];
const ALLOCATED = ['nodePort', 'healthCheckNodePort'];

/**
 * What two servers have to answer alike. Of a refusal: the code, the reason and the causes; the
 * words of causes count, those of other refusals do not. Of a success: the object, without what
 * each server chooses for itself.
 */
export function reduced(reply: Reply, namespace: string, sent: string): unknown {
  const { status, body } = reply;
  if (!isMap(body)) return { code: status };
  if (body['kind'] === 'Status' && body['status'] === 'Failure') {
    const details = body['details'] as { causes?: readonly Json[] } | undefined;
    const causes = details?.causes?.map(({ field, reason, message }) =>
      // The whole of a patched object is shown, with what each server chooses for itself.
      field === 'patch' ? 'patch' : `${String(field)}: ${String(reason)}: ${firstLine(message)}`,
    );
    const refusal = { code: status, reason: body['reason'] ?? '' };
    // Causes of a 500 repeat its message.
    if (status === 500 || !causes || causes.length === 0) return refusal;
    // Some causes are said twice, and maps have no order.
    const said = [...new Set(causes)].sort();
    return withoutOwn({ ...refusal, causes: said }, namespace, sent);
  }
  const object = withoutOwn(body, namespace, sent) as Json;
  // Nothing is kept of a review, and still it has managers there.
  if (String(object['kind']).endsWith('Review'))
    delete (object['metadata'] as Json)['managedFields'];
  return { code: status, object };
}

function withoutOwn(value: unknown, namespace: string, sent: string): unknown {
  if (typeof value === 'string') return roleOf(value.replaceAll(namespace, 'NS'), sent);
  if (Array.isArray(value)) return value.map((item) => withoutOwn(item, namespace, sent));
  if (!isMap(value)) return value;
  const kept = Object.keys(value)
    .filter((key) => !OWN.includes(key))
    .sort()
    .map((key): [string, unknown] => {
      const part = value[key];
      if (key === 'deletionTimestamp') return [key, 'TIME'];
      if (ALLOCATED.includes(key) && typeof part === 'number' && !sent.includes(String(part)))
        return [key, 'PORT'];
      const kept = withoutOwn(part, namespace, sent);
      // In the order of their times, which depends on how quickly they came.
      if (key === 'managedFields' && Array.isArray(kept)) return [key, kept.toSorted(byText)];
      return [key.replaceAll(namespace, 'NS'), kept];
    });
  return Object.fromEntries(kept);
}

const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

function roleOf(text: string, sent: string): string {
  const prefix = /"generateName":"([^"]+)"/.exec(sent)?.[1];
  const named = prefix ? text.replaceAll(new RegExp(`${prefix}[a-z0-9]{5}\\b`, 'g'), 'NAME') : text;
  return named.replaceAll(/172\.20\.\d+\.\d+/g, (found) =>
    sent.includes(found) ? found : 'ADDRESS',
  );
}

/** Of a refused change of a pod: what follows is a difference of Go's structs. */
const firstLine = (message: unknown): string => String(message).split('\n')[0] ?? '';

/** Some requests in a namespace of their own; what is compared is the answer to the last one. */
export interface Row {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** Makes a namespace of this name. */
export async function prepared(ask: Ask, namespace: string): Promise<void> {
  const metadata = { name: namespace };
  await ask({
    verb: 'POST',
    path: '/api/v1/namespaces',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata },
  });
  // A controller makes it, where there are controllers; without it no pod is let in.
  await ask({
    verb: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts`,
    body: {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default' },
      automountServiceAccountToken: false,
    },
  });
}

/**
 * Plays a row and gives back the reduced answer to its last request. Throws where an earlier one
 * is refused: a row whose beginning fails says nothing.
 */
export async function play(ask: Ask, row: Row, namespace: string): Promise<unknown> {
  await prepared(ask, namespace);
  const steps = row.steps.map((step) => inNamespace(step, namespace));
  const sent = JSON.stringify(steps);
  let last: unknown;
  for (const [i, step] of steps.entries()) {
    const reply = await ask(step);
    last = reduced(reply, namespace, sent);
    if (i < steps.length - 1 && reply.status >= 300)
      throw new Error(`${row.name}: step ${i + 1} is refused: ${JSON.stringify(reply.body)}`);
  }
  // Gives back addresses and node ports.
  await ask({ verb: 'DELETE', path: `/api/v1/namespaces/${namespace}/services` });
  return last;
}
