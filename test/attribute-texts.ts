/** Pieces that decide how an attributes annotation is read, and characters that do not. */
const pieces = [
  'deletion_protection.enabled',
  'true',
  'false',
  '1',
  'a',
  'é',
  '=',
  '=',
  ',',
  ',',
  '\\',
  '\\,',
  '\\=',
  ' ',
  '\n',
  '\u00a0',
  '\u0085',
];

/** Numbers from 0 up to, not including, 1; the same ones for the same seed (Park and Miller, 1988). */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state * 48_271) % 2_147_483_647;
    yield state / 2_147_483_647;
  }
}

/** Texts of an attributes annotation, most of them odd; the same ones for the same seed. */
export function attributeTexts(count: number, seed: number): readonly string[] {
  const random = numbers(seed);
  const below = (n: number): number => Math.floor(random.next().value * n);
  const piece = (): string => pieces[below(pieces.length)] ?? '';
  const item = (): string =>
    below(3) === 0
      ? `deletion_protection.enabled=${below(2) === 0 ? 'true' : 'false'}`
      : Array.from({ length: 1 + below(4) }, piece).join('');
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + below(4) }, item).join(below(4) === 0 ? '' : ','),
  );
}
