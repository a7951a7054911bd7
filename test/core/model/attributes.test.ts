import {
  attributeItems,
  mentionsProtection,
  protectsDeletion,
  refusesProtection,
  withoutProtection,
  withProtection,
} from '../../../src/core/model/attributes.ts';

const on = 'deletion_protection.enabled=true';

test.each([
  [undefined, on],
  ['', on],
  ['a=b', `a=b,${on}`],
  [on, on],
  ['deletion_protection.enabled=True', 'deletion_protection.enabled=True'],
  ['deletion_protection.enabled=1,a=b', 'deletion_protection.enabled=1,a=b'],
  ['a=b,deletion_protection.enabled=false,c=d', `a=b,${on},c=d`],
  ['a=b, deletion_protection.enabled = true ,c=d', `a=b,${on},c=d`],
  ['deletion_protection.enabled=true,deletion_protection.enabled=false', `${on},${on}`],
  [`deletion_protection.enabled=false,${on}`, `deletion_protection.enabled=false,${on}`],
  ['deletion_protection.enabled=yes', on],
  ['a=b=c', `a=b=c,${on}`],
  ['a=', `a=,${on}`],
  [' a = b ,c=d', ` a = b ,c=d,${on}`],
  ['a=x\\,b=c', `a=x\\,b=c,${on}`],
  ['xdeletion_protection.enabled=true', `xdeletion_protection.enabled=true,${on}`],
])('%j becomes %j', (before, after) => {
  expect(withProtection(before)).toBe(after);
  expect(protectsDeletion(after)).toBe(true);
});

const off = 'deletion_protection.enabled=false';

test.each([
  [undefined, off],
  ['', off],
  ['a=b', `a=b,${off}`],
  [on, off],
  [off, off],
  ['deletion_protection.enabled=F,a=b', 'deletion_protection.enabled=F,a=b'],
  [`a=b, ${on} ,c = d`, `a=b,${off},c = d`],
  [`${off},x=1,${on}`, `${off},x=1,${off}`],
  ['deletion_protection.enabled=yes', off],
  ['a=x\\,b=c,deletion_protection.enabled = true', `a=x\\,b=c,${off}`],
  [`a=x\\,${on}`, `a=x\\,${on},${off}`],
])('%j without protection becomes %j', (before, after) => {
  expect(withoutProtection(before)).toBe(after);
  expect([protectsDeletion(after), refusesProtection(after)]).toEqual([false, true]);
  expect(withoutProtection(after)).toBe(after);
});

test('whether the item is there at all, for either generation of the parser', () => {
  expect([undefined, '', 'a=b', 'a=b,'].map((text) => mentionsProtection(text))).toEqual(
    Array(4).fill(false),
  );
  expect([on, off, `a=x\\,${on}`].map((text) => mentionsProtection(text))).toEqual(
    Array(3).fill(true),
  );
});

test.each([
  ['a=b,', ''],
  [',a=b', ''],
  ['a=b,,c=d', ''],
  ['   ', '   '],
  ['a=b,c', 'c'],
  ['a=b,=c', '=c'],
  ['a', 'a'],
  ['a=b\nc=d', 'a=b\nc=d'],
  ['a=b\\', 'a=b\\'],
  ['a=x\\,b', 'b'],
  ['a\\=b', 'a\\=b'],
])('%j is refused, and the item named', (text, item) => {
  expect(withProtection(text)).toMatchObject({ kind: 'malformed', item });
  expect(withoutProtection(text)).toMatchObject({ kind: 'malformed', item });
});

describe('where every controller is v2.14.1 or later', () => {
  test.each([
    ['a=x\\,b', `a=x\\,b,${on}`],
    ['a=x\\,y\\,z,c=d', `a=x\\,y\\,z,c=d,${on}`],
    [`a=x\\,${on}`, `a=x\\,${on},${on}`],
    ['deletion_protection.enabled =true', 'deletion_protection.enabled =true'],
    ['a=\\"x\\"', `a=\\"x\\",${on}`],
  ])('%j becomes %j', (before, after) => {
    expect(withProtection(before, 'new')).toBe(after);
    expect(protectsDeletion(after, 'new')).toBe(true);
    expect(withoutProtection(before, 'new')).toContain(off);
  });

  test.each(['a\\=b', 'a\\=b=c', 'a=b\\=c', 'a=b,', 'a=b\\', 'a=b,c', '\\ =x'])(
    '%j is refused all the same',
    (text) => expect(withProtection(text, 'new')).toMatchObject({ kind: 'malformed' }),
  );
});

test.each([
  // Each one, and what upstream makes of it.
  ['a=b\\,deletion_protection.enabled=true', false],
  ['deletion_protection.enabled=\\true', false],
  ['deletion_protection.enabled=true\\,x', false],
  ['deletion_protection\\.enabled=true', false],
  ['deletion_protection.enabled=true\u00a0', true],
  ['deletion_protection.enabled=true\ufeff', false],
  ['deletion_protection.enabled=\u0085true', false],
])('%j protects for every controller: %s', (text, protectsIt) =>
  expect(protectsDeletion(text)).toBe(protectsIt),
);

test('an item behind another one, which only an older controller sees, cannot be set safely', () => {
  const hidden = `${off},a=x\\,${off}`;
  expect(withProtection(hidden)).toMatchObject({ kind: 'malformed' });
  expect(withProtection(hidden, 'new')).toBe(`${on},a=x\\,${off}`);
});

test('a value that only one generation of the parser takes for true is written again', () => {
  expect(protectsDeletion('deletion_protection.enabled =true')).toBe(false);
  expect(protectsDeletion('a=x\\,deletion_protection.enabled=true')).toBe(false);
});

const others = (value: string): readonly string[] => {
  const items = attributeItems(value);
  if ('kind' in items) throw new Error(value);
  return items.filter(({ key }) => !key.startsWith('deletion')).map(({ raw }) => raw);
};

test('whatever else is there stays as it is, byte for byte', () => {
  const pieces = ['a=b', ' c = d', 'e=', 'f=g=h', 'deletion_protection.enabled=false', 'k=x\\y'];
  for (let mask = 1; mask < 2 ** pieces.length; mask += 1) {
    const text = pieces.filter((_, bit) => (mask >> bit) % 2 === 1).join(',');
    const after = withProtection(text);
    if (typeof after !== 'string') throw new Error(text);
    expect(others(after)).toEqual(others(text));
    expect(withProtection(after)).toBe(after);
    const lifted = withoutProtection(text);
    if (typeof lifted !== 'string') throw new Error(text);
    expect(others(lifted)).toEqual(others(text));
  }
});
