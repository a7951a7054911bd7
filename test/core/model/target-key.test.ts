import {
  canonicalId,
  parseTarget,
  parseTracked,
  targetKey,
  targetText,
} from '../../../src/core/model/target-key.ts';

test.each([
  ['10.0.1.1', '10.0.1.1'],
  ['i-0123456789abcdef0', 'i-0123456789abcdef0'],
  ['2001:0DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['2001:db8::1', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['::', '::'],
  ['::1', '::1'],
  ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
  ['::ffff:10.0.0.1', '::ffff:a00:1'],
  ['fe80::', 'fe80::'],
  ['1:2:3', '1:2:3'],
  ['1::2::3', '1::2::3'],
])('%s is written %s', (id, canonical) => {
  expect(canonicalId(id)).toBe(canonical);
});

test('an entry of the ConfigMap splits at the last colon, and a QUIC one before its server id', () => {
  expect(parseTarget('10.0.1.1:8080')).toEqual({ id: '10.0.1.1', port: 8080 });
  expect(parseTarget('2001:db8::1:8080')).toEqual({ id: '2001:db8::1', port: 8080 });
  expect(parseTarget('10.0.1.1:443:0x00000000000000AB')).toEqual({
    id: '10.0.1.1',
    port: 443,
    serverId: '0x00000000000000ab',
  });
  for (const none of ['', '10.0.1.1', '10.0.1.1:0', '10.0.1.1:70000', ':80'])
    expect(parseTarget(none)).toBeUndefined();
});

test('the empty value is the empty set', () => {
  expect(parseTracked('')).toEqual([]);
  expect(parseTracked('10.0.1.1:80,10.0.1.2:80')).toHaveLength(2);
});

test('two spellings of an address are one target, two ports are two', () => {
  const key = targetKey({ id: '2001:DB8::1', port: 80 });
  expect(key).toBe(targetKey({ id: '2001:db8:0::1', port: 80 }));
  expect(key).not.toBe(targetKey({ id: '2001:db8::1', port: 81 }));
  expect(targetKey({ id: '10.0.1.1', port: 80, serverId: '0xAB' })).toBe('10.0.1.1:80:0xab');
  expect(targetText({ id: '2001:db8::1', port: 80 })).toBe('[2001:db8::1]:80');
});
