import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from '../../src/core/plan/check.ts';
import { attributesParse } from '../../src/core/checks/annotations.ts';
import { controllerRuns } from '../../src/core/checks/controller.ts';
import { aloneChecks } from '../../src/core/disable/enrolled.ts';
import { leavingChecks } from '../../src/core/leave/leaving.ts';
import { leavingClusterChecks } from '../../src/core/leave/leaving-cluster.ts';
import { serviceChecks } from '../../src/core/checks/service.ts';
import { unclaimedChecks } from '../../src/core/purge/unclaimed.ts';
import type { Code } from '../../src/core/model/codes.ts';

const blockers = (checks: readonly Pick<Check<never>, 'id' | 'severity'>[]): readonly Code[] =>
  checks.filter(({ severity }) => severity === 'blocker').map(({ id }) => id);

/** What each command that takes something away can be refused for. */
const refusals: Readonly<Record<string, readonly Code[]>> = {
  leave: [...blockers(leavingClusterChecks), ...blockers(leavingChecks), 'same-cluster'],
  disable: blockers([...serviceChecks, ...aloneChecks, attributesParse, controllerRuns]),
  purge: [
    ...blockers(unclaimedChecks),
    'bindings-missing',
    'owner-unknown',
    'same-cluster',
    'tracking-collision',
  ],
  repair: [
    'repair-harmful',
    'repair-unproven',
    'leftover-tracked-targets',
    'same-cluster',
    'service-missing',
    'controller-missing',
    'member-missing',
  ],
};

const cases = Object.entries(refusals).flatMap(([command, all]) =>
  [...new Set(all)].map((code) => [command, code] as const),
);

test.each(cases)('a person can read what %s refused for %s looks like', (command, code) => {
  const texts = readdirSync(import.meta.dirname)
    .filter((name) => name.startsWith(`${command}-`) && name.endsWith('.txt'))
    .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
    .filter((text) => /exit [58]$/.test(text.trim()));
  expect(texts.filter((text) => text.includes(`(${code})`))).not.toEqual([]);
});
