import { badRequest, unsupportedMediaType } from '../status-error.ts';
import { messages } from './protobuf-fields.ts';

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

const MAGIC = Buffer.from('k8s\0');

type Wire = { readonly number: number; readonly value: number | Buffer };

function readVarint(bytes: Buffer, at: number): { value: number; next: number } {
  let value = 0;
  for (let i = 0; i < 10 && at + i < bytes.length; i++) {
    value += (bytes[at + i]! & 127) * 2 ** (7 * i);
    if (bytes[at + i]! < 128) return { value, next: at + i + 1 };
  }
  throw badRequest('proto: unexpected EOF');
}

function* fieldsOf(bytes: Buffer): Generator<Wire> {
  for (let at = 0; at < bytes.length;) {
    const tag = readVarint(bytes, at);
    const number = Math.floor(tag.value / 8);
    const { value, next } = readVarint(bytes, tag.next);
    switch (tag.value % 8) {
      case 0:
        yield { number, value };
        at = next;
        break;
      case 2:
        if (next + value > bytes.length) throw badRequest('proto: unexpected EOF');
        yield { number, value: bytes.subarray(next, next + value) };
        at = next + value;
        break;
      default:
        throw badRequest(`proto: wire type ${tag.value % 8} is used by no Kubernetes type`);
    }
  }
}

/** Numbers that Go leaves out where they are not set: a zero among them means zero. */
const POINTERS = ['replicas', 'gracePeriodSeconds'];

/** Go writes every field that is no pointer, so what is zero through and through says nothing. */
function isZero(value: number | Buffer): boolean {
  if (typeof value === 'number') return value === 0;
  try {
    return [...fieldsOf(value)].every((field) => isZero(field.value));
  } catch {
    return false;
  }
}

function entryOf(bytes: Buffer): [string, string] {
  const parts = new Map([...fieldsOf(bytes)].map(({ number, value }) => [number, String(value)]));
  return [parts.get(1) ?? '', parts.get(2) ?? ''];
}

function intOrString(bytes: Buffer): number | string {
  const parts = new Map([...fieldsOf(bytes)].map(({ number, value }) => [number, value]));
  return parts.get(1) === 1 ? String(parts.get(3) ?? '') : Number(parts.get(2) ?? 0);
}

function read(type: string, value: number | Buffer): unknown {
  if (typeof value === 'number') return type === 'boolean' ? value !== 0 : value;
  if (type === 'text') return value.toString();
  return type === 'intOrString' ? intOrString(value) : messageOf(type, value);
}

function messageOf(type: string, bytes: Buffer): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const { number, value } of fieldsOf(bytes)) {
    const [name, kind] = messages[type]?.[number] ?? [];
    if (!name || !kind) {
      if (isZero(value)) continue;
      // Better no answer than an object with a part missing.
      throw unsupportedMediaType(['application/json', 'application/yaml']);
    }
    if (kind === 'map') {
      const [key, text] = entryOf(value as Buffer);
      result[name] = { ...(result[name] as object), [key]: text };
    } else if (kind.endsWith('[]')) {
      result[name] = [...((result[name] as unknown[]) ?? []), read(kind.slice(0, -2), value)];
    } else if (isZero(value) && !POINTERS.includes(name)) continue;
    else result[name] = read(kind, value);
  }
  return result;
}

/**
 * The object in a protobuf body. kubectl's generators and access reviews speak nothing else to
 * built-in kinds; their kinds and fields are read, others are refused with 415.
 * Source of the envelope: apimachinery pkg/runtime/serializer/protobuf.
 */
export function parseProtobuf(body: Buffer): unknown {
  if (!body.subarray(0, 4).equals(MAGIC))
    throw badRequest('provided data does not appear to be a protobuf message');
  const envelope = new Map(
    [...fieldsOf(body.subarray(4))].map(({ number, value }) => [number, value]),
  );
  const type = new Map(
    [...fieldsOf(envelope.get(1) as Buffer)].map(({ number, value }) => [number, String(value)]),
  );
  const kind = type.get(2) ?? '';
  if (!messages[kind]) throw unsupportedMediaType(['application/json', 'application/yaml']);
  const raw = (envelope.get(2) as Buffer | undefined) ?? Buffer.alloc(0);
  return { apiVersion: type.get(1), kind, ...messageOf(kind, raw) };
}
