import { primaryStillShared } from '../../../src/core/join/primary-still-shared.ts';
import { known } from '../../../src/core/model/problem.ts';
import { attributesKey, flagKey, service, serviceWith } from '../cluster-builder.ts';
import { enabledAnnotations, unreadable } from '../world.ts';

const check = (over: object | undefined) =>
  primaryStillShared(known(over && serviceWith(over)), { context: 'pri', service })?.code;

describe('the primary’s Service, read again before the apply', () => {
  test.each([
    [{ annotations: enabledAnnotations }, undefined],
    [{ annotations: { [attributesKey]: 'a=b' } }, 'primary-not-enabled'],
    [{ annotations: { [flagKey]: 'false' } }, 'primary-not-enabled'],
    [{ annotations: enabledAnnotations, terminating: true }, 'service-terminating'],
    [undefined, 'service-missing'],
  ])('%j: %s', (over, code) => expect(check(over)).toBe(code));

  test('unread is no yes', () =>
    expect(primaryStillShared(unreadable(), { context: 'pri', service })?.unread).toBe(true));
});
