import { NormalizedSchema } from '@smithy/core/schema';
import { between } from '../../laws/interleave/random.ts';

type Random = () => number;

/** Texts that a careless reader or writer of XML, forms and signatures gets wrong. */
const texts = [
  'a',
  '',
  ' ',
  ' a b ',
  '\n',
  'a\nb',
  'a & b < c > "d" \'e\'',
  '&amp;lt;',
  ']]>',
  "(it's) *new*!",
  'ä€😀',
  '__proto__',
  'true',
  '10.0.64.9',
  'a=b&c=d+e%20/~',
];
const pick = <T>(random: Random, of: readonly T[]): T => of[between(random, 0, of.length - 1)] as T;

/** A value for a schema of the SDK, with each member or without it. */
export function valueFor(schema: unknown, random: Random): unknown {
  const shape = NormalizedSchema.of(schema as never);
  if (shape.isStructSchema()) {
    const value: Record<string, unknown> = {};
    for (const [name, member] of shape.structIterator()) {
      // The SDK makes a token by itself where one is missing.
      if (random() < 0.6 && !member.isIdempotencyToken()) value[name] = valueFor(member, random);
    }
    return value;
  }
  if (shape.isListSchema()) {
    return Array.from({ length: between(random, 0, 3) }, () =>
      valueFor(shape.getValueSchema(), random),
    );
  }
  if (shape.isMapSchema()) {
    const names = texts.filter(() => random() < 0.2);
    return Object.fromEntries(names.map((name) => [name, pick(random, texts)]));
  }
  if (shape.isNumericSchema()) return pick(random, [0, -1, 80, 65_535, 1.5]);
  if (shape.isBooleanSchema()) return random() < 0.5;
  if (shape.isTimestampSchema())
    return new Date(between(random, 0, 2e9) * 1000 + pick(random, [0, 250]));
  return pick(random, texts);
}

const escapes: Readonly<Record<string, readonly string[]>> = {
  '&': ['&amp;', '&#38;', '&#x26;'],
  '<': ['&lt;', '&#60;'],
  '>': ['&gt;', '>'],
  '"': ['&quot;', '"'],
  "'": ['&apos;', '&#x27;', "'"],
  '\n': ['\n', '&#10;'],
};

function textAs(text: string, random: Random): string {
  if (random() < 0.1 && !text.includes(']]>')) return `<![CDATA[${text}]]>`;
  return [...text].map((sign) => pick(random, escapes[sign] ?? [sign])).join('');
}

/** A value as XML in one of the ways in which it can be written; what is unknown stands between. */
export function xmlFor(schema: unknown, value: unknown, random: Random): string {
  const shape = NormalizedSchema.of(schema as never);
  const between = (): string =>
    random() < 0.05 ? pick(random, ['\n  ', '<!-- <a> -->', '<new>1</new>', '<new/>', '\r\n']) : '';
  const element = (tag: string, inner: string): string =>
    inner === '' && random() < 0.5 ? `<${tag}/>` : `${between()}<${tag}>${inner}</${tag}>`;
  if (shape.isStructSchema()) {
    const parts = [...shape.structIterator()].map(([name, member]) => {
      const part = (value as Record<string, unknown>)[name];
      const tag = (member.getMemberTraits()['xmlName'] as string | undefined) ?? name;
      return part === undefined ? '' : element(tag, xmlFor(member, part, random));
    });
    return parts.join('') + between();
  }
  if (shape.isListSchema()) {
    const item = shape.getValueSchema();
    const tag = (item.getMergedTraits()['xmlName'] as string | undefined) ?? 'member';
    const items = value as readonly unknown[];
    return items.map((one) => element(tag, xmlFor(item, one, random))).join('');
  }
  if (shape.isMapSchema()) {
    const entries = Object.entries(value as Record<string, string>);
    return entries
      .map(([name, one]) =>
        element(
          'entry',
          element('key', textAs(name, random)) + element('value', textAs(one, random)),
        ),
      )
      .join('');
  }
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  return textAs(String(value), random);
}
