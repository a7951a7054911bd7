import { attributeFaults, type Read } from '../../attribute-faults.ts';
import { attributeTexts } from '../../attribute-texts.ts';
import { attributeItems } from '../../../src/core/model/attributes.ts';
import { parseNew, parseOld } from '../../../src/core/model/attribute-parsers.ts';
import { parseStringMap } from '../../../src/sandbox/lbc/service/attributes-annotation.ts';

/** As the practice controller reads it, whose parser shares nothing with nlbmc's. */
const controller =
  (version: string): Read =>
  (text) => {
    try {
      return Object.fromEntries(parseStringMap(version, 'attributes', text));
    } catch {
      return undefined;
    }
  };
const own =
  (parse: typeof parseNew): Read =>
  (text) => {
    const items = parse(text);
    return 'kind' in items
      ? undefined
      : Object.fromEntries(items.map(({ key, value }) => [key, value]));
  };

// The two know different white space beyond ASCII; what the controller knows the lab tells.
const texts = attributeTexts(20_000, 7).filter((text) => !text.includes('\u0085'));

test.each([
  ['2.14.0', own(parseOld)],
  ['2.14.1', own(parseNew)],
] as const)('each text is read as the controller %s reads it', (version, parse) => {
  const read = controller(version);
  expect(
    texts.filter((text) => JSON.stringify(parse(text)) !== JSON.stringify(read(text))),
  ).toEqual([]);
});

test('what is accepted can be read, protects as told, and is edited in one item only', () => {
  const [old, since] = [controller('2.14.0'), controller('2.14.1')];
  expect(texts.flatMap((text) => attributeFaults(text, 'any', [old, since]))).toEqual([]);
  expect(texts.flatMap((text) => attributeFaults(text, 'new', [since]))).toEqual([]);
  const accepted = texts.filter((text) => !('kind' in attributeItems(text, 'new')));
  expect(accepted.length).toBeGreaterThan(1_000);
});
