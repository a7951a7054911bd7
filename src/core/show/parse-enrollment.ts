import { parseArn } from '../model/arn.ts';
import type { Enrollment } from '../observed/enrollment-document.ts';
import { known, unknown, type Reading } from '../model/problem.ts';
import { parseTarget } from '../model/target-key.ts';

/** What is wrong with a value at a path, in words; undefined: nothing. */
type Shape = (value: unknown, path: string) => string | undefined;

const is =
  (what: string, holds: (value: unknown) => boolean): Shape =>
  (value, path) =>
    holds(value) ? undefined : `${path} is not ${what}`;

const text = is('a text', (value) => typeof value === 'string' && value !== '');
const number = is('a number', (value) => typeof value === 'number' && Number.isFinite(value));
const flag = is('true or false', (value) => typeof value === 'boolean');
const portName: Shape = is(
  'a port',
  (value) => (typeof value === 'number' && Number.isInteger(value)) || typeof value === 'string',
);
const exactly = (...allowed: readonly string[]): Shape =>
  is(allowed.join(' or '), (value) => allowed.some((one) => one === value));
const targetGroupArn = is(
  'the ARN of a target group',
  (value) => typeof value === 'string' && parseArn(value)?.kind === 'target-group',
);
const targetEntry = is(
  'a target (id:port)',
  (value) => typeof value === 'string' && parseTarget(value) !== undefined,
);

const orNull =
  (shape: Shape): Shape =>
  (value, path) =>
    value === null ? undefined : shape(value, path);

const optional =
  (shape: Shape): Shape =>
  (value, path) =>
    value === undefined ? undefined : shape(value, path);

const list =
  (shape: Shape): Shape =>
  (value, path) =>
    Array.isArray(value)
      ? value.map((item, index) => shape(item, `${path}[${index}]`)).find(Boolean)
      : `${path} is not a list`;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fields =
  (shapes: Readonly<Record<string, Shape>>): Shape =>
  (value, path) =>
    isObject(value)
      ? Object.entries(shapes)
          .map(([name, shape]) => shape(value[name], path === '' ? name : `${path}.${name}`))
          .find(Boolean)
      : `${path === '' ? 'The document' : path} is not an object`;

const texts: Shape = (value, path) =>
  isObject(value)
    ? Object.entries(value)
        .map(([name, one]) => (typeof one === 'string' ? undefined : `${path}.${name} is no text`))
        .find(Boolean)
    : `${path} is not an object`;

const named = { namespace: text, name: text };

const binding = fields({
  ...named,
  port: portName,
  multiCluster: flag,
  tracked: orNull(list(targetEntry)),
});

const rule = fields({
  from: list(
    fields({
      securityGroup: optional(fields({ groupID: text })),
      ipBlock: optional(fields({ cidr: text })),
    }),
  ),
  ports: list(fields({ protocol: optional(text), port: optional(portName) })),
});

const port = fields({
  port: portName,
  listenerPorts: orNull(list(number)),
  targetGroup: fields({
    arn: targetGroupArn,
    name: orNull(text),
    type: exactly('ip', 'instance'),
    protocol: orNull(text),
    port: orNull(number),
    ipFamily: exactly('ipv4', 'ipv6'),
    vpcId: orNull(text),
    healthCheck: orNull(
      fields({
        enabled: flag,
        protocol: text,
        port: text,
        path: optional(text),
        intervalSeconds: number,
        timeoutSeconds: number,
        healthyThreshold: number,
        unhealthyThreshold: number,
      }),
    ),
    attributes: orNull(texts),
  }),
  networking: orNull(list(rule)),
  binding,
});

const enrollment = fields({
  apiVersion: exactly('nlbmc/v1'),
  kind: exactly('Enrollment'),
  metadata: fields(named),
  at: text,
  region: orNull(text),
  account: orNull(text),
  vpcId: orNull(text),
  loadBalancer: orNull(
    fields({
      arn: text,
      name: text,
      dnsName: text,
      scheme: text,
      state: text,
      zones: list(text),
      securityGroups: list(text),
      attributes: orNull(texts),
    }),
  ),
  backendGroups: list(
    fields({
      id: text,
      name: orNull(text),
      foundBy: exactly('tag', 'controller flag', 'description', 'rules'),
      onLoadBalancer: orNull(flag),
    }),
  ),
  primary: orNull(fields({ context: text, identity: orNull(text) })),
  ports: list(port),
  unboundPorts: list(number),
  members: list(
    fields({
      context: text,
      role: exactly('primary', 'secondary'),
      clusterNames: optional(list(text)),
      vpcId: optional(orNull(text)),
      identity: orNull(text),
      bindings: list(binding),
    }),
  ),
  notEnrolled: list(text),
  unknown: list(text),
});

/**
 * The Enrollment that `show -o yaml` or `-o json` wrote, from its parsed text. Strict: every field
 * has to be there in its form, since targets are deregistered because of it; fields of a later
 * version are passed over. Unknown (`usage`) says what is wrong, and where.
 */
export function parseEnrollment(document: unknown): Reading<Enrollment> {
  const wrong = enrollment(document, '');
  if (wrong === undefined) return known(document as Enrollment);
  return unknown({
    code: 'usage',
    message: `It is not an Enrollment as nlbmc show -o yaml writes it: ${wrong}.`,
  });
}
