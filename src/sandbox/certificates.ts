import { generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import {
  bits,
  field,
  fields,
  identifier,
  integer,
  octets,
  sequence,
  set,
  text,
  utcTime,
  yes,
} from './der.ts';

const DAY_MS = 24 * 60 * 60_000;
/** ecdsa-with-SHA256 (RFC 5758, 3.2). */
const SIGNED_BY = sequence(identifier('1.2.840.10045.4.3.2'));
const AUTHORITY = 'nlbmc sandbox authority';

/** PEM texts for TLS servers on the loopback interface. */
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/**
 * A new authority and a server certificate from it for 127.0.0.1, localhost and `dnsNames`, good for
 * a week.
 * The authority's key is forgotten at once: nothing else can ever be signed with it.
 */
export async function makeCertificates(dnsNames: readonly string[] = []): Promise<Certificates> {
  const [authority, server] = await Promise.all([newKeys(), newKeys()]);
  const ca = certificate(AUTHORITY, authority.publicKey, authority.privateKey, [
    // An authority below which there is none.
    extension('2.5.29.19', true, sequence(yes, integer(Buffer.from([0])))),
    // keyCertSign, the sixth of its bits.
    extension('2.5.29.15', true, bits(Buffer.from([0x04]), 2)),
  ]);
  const names = [
    field(7, Buffer.from([127, 0, 0, 1])),
    ...['localhost', ...dnsNames].map((name) => field(2, Buffer.from(name))),
  ];
  const cert = certificate('nlbmc sandbox', server.publicKey, authority.privateKey, [
    extension('2.5.29.17', false, sequence(...names)),
  ]);
  const key = server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { ca: pem(ca), cert: pem(cert), key };
}

const newKeys = () => promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });

/** A certificate of the authority (RFC 5280, 4.1). */
function certificate(
  subject: string,
  publicKey: KeyObject,
  signer: KeyObject,
  extensions: readonly Buffer[],
): Buffer {
  const serial = randomBytes(16);
  // Positive, and as short as it can be.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const now = Date.now();
  const toBeSigned = sequence(
    // Version 3.
    fields(0, integer(Buffer.from([2]))),
    integer(serial),
    SIGNED_BY,
    named(AUTHORITY),
    sequence(utcTime(new Date(now - DAY_MS)), utcTime(new Date(now + 7 * DAY_MS))),
    named(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    fields(3, sequence(...extensions)),
  );
  return sequence(toBeSigned, SIGNED_BY, bits(sign('sha256', toBeSigned, signer)));
}

/** A name that has a common name only. */
const named = (commonName: string): Buffer =>
  sequence(set(sequence(identifier('2.5.4.3'), text(commonName))));

const extension = (id: string, isCritical: boolean, content: Buffer): Buffer =>
  sequence(identifier(id), ...(isCritical ? [yes] : []), octets(content));

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
