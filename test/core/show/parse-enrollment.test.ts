import { describeEnrollment } from '../../../src/core/show/describe-enrollment.ts';
import { parseEnrollment } from '../../../src/core/show/parse-enrollment.ts';
import {
  enabledPrimary,
  joinedSecondary,
  observed,
  primaryTargets,
  secondaryTargets,
} from '../world.ts';

const document = (): Record<string, unknown> => {
  const enrollment = describeEnrollment(
    observed({
      clusters: [enabledPrimary(), joinedSecondary()],
      targets: { 80: [...primaryTargets, ...secondaryTargets] },
    }),
  );
  return JSON.parse(JSON.stringify(enrollment)) as Record<string, unknown>;
};

/** The document with one value replaced, by its path. */
function withValue(path: string, value: unknown): unknown {
  const whole = document();
  const names = path.split('.');
  const last = names.pop() ?? '';
  let at = whole;
  for (const name of names) at = at[name] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return whole;
}

test('what show wrote is read back as it was', () => {
  expect(parseEnrollment(document())).toEqual({ ok: true, value: document() });
});

test('a field of a later version is passed over', () => {
  expect(parseEnrollment(withValue('later', { a: 1 }))).toEqual({ ok: true, value: document() });
  expect(parseEnrollment(withValue('ports.0.targetGroup.later', 1)).ok).toBe(true);
});

test('a document from before clusters had names is read', () => {
  const old = withValue('members.1.clusterNames', undefined);
  expect(parseEnrollment(old)).toEqual({ ok: true, value: old });
});

test.each<[string, unknown, string]>([
  ['members.0.clusterNames', 'pri', 'members[0].clusterNames is not a list'],
  ['apiVersion', 'nlbmc/v2', 'apiVersion is not nlbmc/v1'],
  ['kind', 'Report', 'kind is not Enrollment'],
  ['metadata.name', undefined, 'metadata.name is missing'],
  ['region', undefined, 'region is missing'],
  ['region', 7, 'region is not a text'],
  ['metadata.name', '', 'metadata.name is not a text'],
  ['loadBalancer.zones', 'us-east-1a', 'loadBalancer.zones is not a list'],
  ['loadBalancer.attributes', { a: 1 }, 'loadBalancer.attributes.a is not a text'],
  ['ports', {}, 'ports is not a list'],
  ['ports.0.targetGroup.arn', 'arn:lb', 'ports[0].targetGroup.arn is not the ARN of a target'],
  ['ports.0.targetGroup.type', 'alb', 'ports[0].targetGroup.type is not ip or instance'],
  ['ports.0.port', 1.5, 'ports[0].port is not a port'],
  ['ports.0.networking.0.ports.0.port', null, 'ports[0].networking[0].ports[0].port is not a port'],
  ['ports.0.targetGroup.healthCheck', 'TCP', 'ports[0].targetGroup.healthCheck is not an object'],
  ['members.1.role', 'third', 'members[1].role is not primary or secondary'],
  ['members.1.bindings.0.tracked', ['10.0.2.1'], 'members[1].bindings[0].tracked[0] is not a targ'],
  ['members.1.bindings.0.multiCluster', 'yes', 'members[1].bindings[0].multiCluster is not true'],
])('%s as %j is refused, with the place', (path, value, said) => {
  const parsed = parseEnrollment(withValue(path, value));
  expect(parsed).toMatchObject({ ok: false, problem: { code: 'usage' } });
  expect(!parsed.ok && parsed.problem.message).toContain(said);
});

test.each([[undefined], [null], ['text'], [[]]])('%j is no Enrollment', (value) => {
  const parsed = parseEnrollment(value);
  expect(parsed).toMatchObject({ ok: false, problem: { code: 'usage' } });
  expect(!parsed.ok && parsed.problem.message).toMatch(
    /: (the document is not an object|apiVersion is missing)\.$/,
  );
});
