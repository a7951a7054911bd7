import { writeOf } from '../../src/kube/managed-fields.ts';

const FLAG = { 'f:spec': { 'f:multiClusterTargetGroup': {} } };
const entry = (manager: string, time: string | undefined, fieldsV1: object = FLAG) => ({
  manager,
  operation: 'Update',
  ...(time === undefined ? {} : { time }),
  fieldsV1,
});

describe('who wrote a field, and when at the latest', () => {
  test.each<[string, unknown, unknown]>([
    [
      'its owner, at the time of its entry',
      [entry('flux', '2026-11-01T10:00:00Z'), entry('kubectl', '2026-11-01T09:00:00Z', {})],
      { manager: 'flux', at: '2026-11-01T10:00:00.000Z' },
    ],
    [
      'of two owners the earlier: the later one wrote the same',
      [entry('later', '2026-11-01T10:00:00Z'), entry('earlier', '2026-11-01T09:00:00Z')],
      { manager: 'earlier', at: '2026-11-01T09:00:00.000Z' },
    ],
    ['nobody owns it', [entry('kubectl', '2026-11-01T09:00:00Z', { 'f:metadata': {} })], undefined],
    [
      'an owner without a time could be the one',
      [entry('a', undefined), entry('b', '2026-11-01T09:00:00Z')],
      undefined,
    ],
    ['a time that is none', [entry('a', 'yesterday')], undefined],
    [
      'an owner without a name',
      [{ ...entry('a', '2026-11-01T09:00:00Z'), manager: undefined }],
      undefined,
    ],
    ['managedFields were taken off', undefined, undefined],
  ])('%s', (_name, managedFields, expected) => {
    expect(writeOf({ managedFields }, 'f:spec', 'f:multiClusterTargetGroup')).toEqual(expected);
  });
});
