import { withdrawn } from '../../../src/core/join/withdrawn.ts';
import { attributesKey, flagKey, serviceWith } from '../cluster-builder.ts';
import { enabledAnnotations } from '../world.ts';

describe('whether the primary’s Service is about to lose the flag', () => {
  test.each([
    [enabledAnnotations, false],
    [{ [attributesKey]: 'a=b' }, true],
    [{ [flagKey]: 'false' }, true],
    [{ [flagKey]: 'yes' }, true],
  ])('%j: %s', (annotations, lost) =>
    expect(withdrawn(serviceWith({ annotations }), 'pri') !== undefined).toBe(lost),
  );
});
