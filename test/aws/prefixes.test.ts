import { delegatedPrefix } from '../../src/aws/prefixes.ts';

test.each([
  ['10.0.3.200', { ipv4: '10.0.3.192/28' }],
  ['10.0.3.15', { ipv4: '10.0.3.0/28' }],
  ['2600:1f18:0:a1::17', { ipv6: '2600:1f18:0:a1::/80' }],
  ['2600:1f18:1:2:3:4:5:6', { ipv6: '2600:1f18:1:2:3::/80' }],
  ['i-0123456789abcdef0', undefined],
])('the delegated prefix of %s', (address, prefix) => {
  expect(delegatedPrefix(address)).toEqual(prefix);
});
