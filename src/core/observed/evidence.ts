import { parseArn } from '../model/arn.ts';
import { millisOf } from '../model/instant.ts';
import { known, type Reading, unknown } from '../model/problem.ts';
import { type EnrolledBinding, type Enrollment, owningIn } from './enrollment-document.ts';

/** A document older than that is no evidence, where a person names no other age. */
export const MAX_AGE_MS = 3_600_000;

/** A document of `show`: what it says of clusters to which the run does not connect. */
export interface Recorded {
  /** The file, as it was typed; `-` is stdin. */
  readonly file: string;
  readonly document: Enrollment;
  /** A document older than this is no evidence. */
  readonly maxAgeMs: number;
}

/** What keeps a document from being evidence, with the field; undefined: nothing. */
type Fault = string | undefined;

const unread = (field: string): string =>
  `${field} is null: it was not read when the document was written`;
const older = (field: string): string =>
  `${field} is missing: an older version of nlbmc wrote the document`;

/** A field that later versions write: missing, or not read. */
const needed = (field: string, value: unknown): Fault =>
  value === undefined ? older(field) : value === null ? unread(field) : undefined;

/** An ARN has to be in the region and the account of the document. */
function misplaced(field: string, text: string, { region, account }: Enrollment): Fault {
  const arn = parseArn(text);
  if (!arn) return `${field} is not an ARN`;
  if (arn.region !== region) return `${field} is in ${arn.region}, and region is ${region}`;
  return arn.account === account
    ? undefined
    : `${field} is in account ${arn.account}, and account is ${account}`;
}

const sameText = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function* bindingFaults(field: string, binding: EnrolledBinding, arns: readonly string[]) {
  const { targetGroup, registered } = binding;
  yield needed(`${field}.targetGroup`, targetGroup);
  if (targetGroup !== undefined && !arns.includes(targetGroup)) {
    yield `${field}.targetGroup is not among the target groups of ports`;
  }
  yield needed(`${field}.registered`, registered);
}

/** What the document has to say, in its order, each time with what is wrong where something is. */
function* faultsOf(document: Enrollment): Generator<Fault> {
  const { at, loadBalancer, owner, primary, ports, members } = document;
  const arns = ports.map(({ targetGroup }) => targetGroup.arn);
  yield Number.isNaN(millisOf(at)) ? 'at is not a time' : undefined;
  yield loadBalancer === null ? unread('loadBalancer') : undefined;
  if (loadBalancer) yield misplaced('loadBalancer.arn', loadBalancer.arn, document);
  yield needed('owner', owner);
  yield owner?.kind === 'disputed' ? 'owner is disputed' : undefined;
  if (primary) {
    yield needed('primary.sharing', primary.sharing);
    const member = members.find(({ context }) => context === primary.context);
    yield member ? undefined : `primary.context ${primary.context} is not among members`;
    if (member && member.identity !== primary.identity) {
      yield `primary.identity differs from that of ${primary.context} in members`;
    }
    if (owningIn(document)?.context !== primary.context) {
      yield 'owner is not the Service of primary';
    }
  }
  yield ports.length === 0 ? 'ports is empty' : undefined;
  for (const [n, port] of ports.entries()) {
    const field = `ports[${n}]`;
    const { targetGroup, binding } = port;
    yield misplaced(`${field}.targetGroup.arn`, targetGroup.arn, document);
    if (arns.indexOf(targetGroup.arn) !== n) yield `${field}.targetGroup.arn is there twice`;
    yield port.listenerPorts === null ? unread(`${field}.listenerPorts`) : undefined;
    yield targetGroup.protocol === null ? unread(`${field}.targetGroup.protocol`) : undefined;
    yield targetGroup.port === null ? unread(`${field}.targetGroup.port`) : undefined;
    yield needed(`${field}.servicePort`, port.servicePort);
    yield* bindingFaults(`${field}.binding`, binding, [targetGroup.arn]);
    const isMember = members.some(({ bindings }) => bindings.some((one) => sameText(one, binding)));
    yield isMember ? undefined : `${field}.binding differs from the bindings of members`;
  }
  yield members.length === 0 ? 'members is empty' : undefined;
  for (const [n, { context, bindings }] of members.entries()) {
    if (members.findIndex((one) => one.context === context) !== n) {
      yield `members[${n}].context is there twice`;
    }
    for (const [m, binding] of bindings.entries()) {
      yield* bindingFaults(`members[${n}].bindings[${m}]`, binding, arns);
    }
  }
}

/**
 * A document that says enough to join or verify by it, and does not contradict itself. Unknown
 * (`usage`) names the first field that does not: a file that was cut or edited, or that a run wrote
 * which could not read everything.
 */
export function evidenceIn(document: Enrollment): Reading<Enrollment> {
  for (const fault of faultsOf(document)) {
    if (fault === undefined) continue;
    return unknown({ code: 'usage', message: `The document cannot be used: ${fault}.` });
  }
  return known(document);
}
