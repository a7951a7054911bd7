import { jsonPatch } from '../../../../src/sandbox/kube/patch/json.ts';
import { StatusError } from '../../../../src/sandbox/kube/status-error.ts';

function refusal(act: () => unknown) {
  try {
    act();
  } catch (error) {
    if (error instanceof StatusError) return error.status;
    throw error;
  }
  throw new Error('was not refused');
}

const service = { metadata: { name: 'a', labels: { 'x/y': '1' } }, spec: { ports: [80, 443] } };

test.each([
  ['add', [{ op: 'add', path: '/spec/ports/-', value: 8080 }], { ports: [80, 443, 8080] }],
  ['add in between', [{ op: 'add', path: '/spec/ports/1', value: 81 }], { ports: [80, 81, 443] }],
  ['remove', [{ op: 'remove', path: '/spec/ports/0' }], { ports: [443] }],
  ['replace', [{ op: 'replace', path: '/spec/ports', value: [] }], { ports: [] }],
  [
    'copy and move',
    [
      { op: 'copy', from: '/spec/ports', path: '/spec/old' },
      { op: 'move', from: '/spec/old', path: '/spec/older' },
    ],
    { ports: [80, 443], older: [80, 443] },
  ],
  [
    'test, with an escaped name',
    [
      { op: 'test', path: '/metadata/labels/x~1y', value: '1' },
      { op: 'remove', path: '/spec/ports' },
    ],
    {},
  ],
  // As upstream's library takes them.
  [
    'replace what is not there',
    [{ op: 'replace', path: '/spec/foo', value: 1 }],
    { ports: [80, 443], foo: 1 },
  ],
  [
    'replace from the end',
    [{ op: 'replace', path: '/spec/ports/-1', value: 1 }],
    { ports: [80, 1] },
  ],
  ['add no value', [{ op: 'add', path: '/spec/foo' }], { ports: [80, 443], foo: null }],
  ['test for null', [{ op: 'test', path: '/spec/foo', value: null }], { ports: [80, 443] }],
])('%s', (_, operations, spec) => {
  expect(jsonPatch(service, operations).spec).toEqual(spec);
  expect(service.spec).toEqual({ ports: [80, 443] });
});

test.each([
  ['a test that fails', [{ op: 'test', path: '/metadata/name', value: 'b' }]],
  ['removal of what is not there', [{ op: 'remove', path: '/spec/foo' }]],
  ['no such parent', [{ op: 'add', path: '/status/a', value: 1 }]],
  ['an index past the end', [{ op: 'add', path: '/spec/ports/9', value: 1 }]],
  ['an operation that does not exist', [{ op: 'merge', path: '/spec', value: 1 }]],
  ['no path', [{ op: 'add', value: 1 }]],
])('%s is refused in the words of the server, and nothing is changed', (_, operations) => {
  const all = [{ op: 'add', path: '/spec/first', value: 1 }, ...operations];
  expect(refusal(() => jsonPatch(service, all))).toMatchObject({
    code: 422,
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
  });
  expect(service.spec).not.toHaveProperty('first');
});

test('what is no list of operations is 400', () => {
  expect(refusal(() => jsonPatch(service, { op: 'add' }))).toMatchObject({
    code: 400,
    message: 'json: cannot unmarshal object into Go value of type jsonpatch.Patch',
  });
});
