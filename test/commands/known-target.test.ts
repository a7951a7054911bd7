import { knownTarget } from '../../src/commands/known-target.ts';

test.each([
  ['10.0.8.0/24', { id: '10.0.8.0/24' }],
  ['fd00::/64', { id: 'fd00::/64' }],
  ['10.0.3.9:8080', { id: '10.0.3.9', port: 8080 }],
  ['i-0abc', { id: 'i-0abc' }],
])('%s is a known target', (text, known) => expect(knownTarget(text)).toEqual(known));

test.each(['10.0.8.0/33', '10.0.8/24', '10.0.8.0/24/1', '10.0.8.0/', 'i-0abc/24', '/24'])(
  '%s is none',
  (text) => expect(() => knownTarget(text)).toThrow('is not a target'),
);
