import { proveRightsOf } from './rights-proof.ts';
import { commands, disable, leaves, purge, repair } from './rights-table.ts';

const toEnd = [disable, ...leaves, purge, repair];

describe('docs/rights.md', () => {
  test.each(toEnd)(
    'names every request of $name, and what comes of it without the right',
    proveRightsOf,
  );

  test('is held for each command, here or beside', () => {
    expect(commands).toHaveLength(toEnd.length + 5);
  });
});
