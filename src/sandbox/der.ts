// ITU-T X.690, as far as a certificate needs it: each value is its tag, its length and its content.

function value(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const size = length < 0x1_00 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  if (length > 0xff_ff) throw new Error('longer than anything that is written here');
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => value(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]): Buffer => value(0x31, ...parts);
export const octets = (content: Uint8Array): Buffer => value(0x04, content);
export const yes = value(0x01, Buffer.from([0xff]));
export const text = (content: string): Buffer => value(0x0c, Buffer.from(content));

/** Whole bytes, or with `unused` bits at the end that do not count. */
export const bits = (content: Uint8Array, unused = 0): Buffer =>
  value(0x03, Buffer.from([unused]), content);

/** A whole number that is not negative, its most significant byte first. */
export function integer(content: Uint8Array): Buffer {
  const isNegative = ((content[0] ?? 0) & 0x80) !== 0;
  return value(0x02, Buffer.from(isNegative ? [0] : []), content);
}

/** A field that its number names: of simple content, or of whole values. */
export const field = (n: number, content: Uint8Array): Buffer => value(0x80 + n, content);
export const fields = (n: number, ...parts: readonly Uint8Array[]): Buffer =>
  value(0xa0 + n, ...parts);

/** An object identifier, such as `2.5.4.3`. */
export function identifier(name: string): Buffer {
  const [first = 0, second = 0, ...rest] = name.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return value(0x06, Buffer.from(bytes));
}

/** A time before 2050, to the second. */
export function utcTime(time: Date): Buffer {
  const digits = time.toISOString().replace(/\D/g, '').slice(2, 14);
  return value(0x17, Buffer.from(`${digits}Z`));
}
