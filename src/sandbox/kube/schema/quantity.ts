/** A resource.Quantity: its value in billionths, and how it was written. */
interface Quantity {
  readonly nano: bigint;
  readonly format: 'decimal' | 'binary' | 'exponent';
}

const NANO = 1_000_000_000n;
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL: readonly (readonly [string, number])[] = [
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
];

/** Undefined for what is no quantity. Source: apimachinery pkg/api/resource/quantity.go, ParseQuantity. */
export function parseQuantity(given: unknown): Quantity | undefined {
  const match = /^([+-]?)(\d+\.?\d*|\.\d+)(.*)$/.exec(String(given));
  if (!match) return undefined;
  const [, sign = '', digits = '', suffix = ''] = match;
  const [whole = '', part = ''] = digits.split('.');
  const mantissa = BigInt(`${whole}${part}` || '0');
  const scaled = (factor: bigint, exponent: number): bigint => {
    const power = exponent - part.length + 9;
    const top = mantissa * factor;
    // Rounded up to a billionth, away from zero.
    return power >= 0 ? top * 10n ** BigInt(power) : ceil(top, 10n ** BigInt(-power));
  };
  const of = (nano: bigint, format: Quantity['format']): Quantity => ({
    nano: sign === '-' ? -nano : nano,
    format,
  });
  const decimal = DECIMAL.find(([name]) => name === suffix);
  if (decimal) return of(scaled(1n, decimal[1]), 'decimal');
  const binary = BINARY.indexOf(suffix);
  if (binary > 0) return of(scaled(1024n ** BigInt(binary), 0), 'binary');
  const exponent = /^[eE]([+-]?\d{1,3})$/.exec(suffix);
  return exponent ? of(scaled(1n, Number(exponent[1])), 'exponent') : undefined;
}

const ceil = (top: bigint, bottom: bigint): bigint => (top + bottom - 1n) / bottom;

/** As the server writes it back: the shortest form without fraction, such as `500m` for `0.5`. */
export function quantityText({ nano, format }: Quantity): string {
  if (nano === 0n) return '0';
  const size = nano < 0n ? -nano : nano;
  const sign = nano < 0n ? '-' : '';
  if (format === 'binary' && size >= 1024n * NANO) {
    let value = ceil(size, NANO);
    let power = 0;
    for (; value % 1024n === 0n && power < BINARY.length - 1; power++) value /= 1024n;
    return `${sign}${value}${BINARY[power]}`;
  }
  let value = size;
  let index = 0;
  for (; value % 1000n === 0n && index < DECIMAL.length - 1; index++) value /= 1000n;
  const [suffix, exponent] = DECIMAL[index]!;
  if (format === 'exponent') return `${sign}${value}${exponent === 0 ? '' : `e${exponent}`}`;
  return `${sign}${value}${suffix}`;
}
