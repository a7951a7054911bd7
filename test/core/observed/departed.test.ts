import { departedOf } from '../../../src/core/observed/departed.ts';
import { describeEnrollment } from '../../../src/core/show/describe-enrollment.ts';
import { parseEnrollment } from '../../../src/core/show/parse-enrollment.ts';
import { arnOf, service } from '../cluster-builder.ts';
import {
  enabledPrimary,
  joinedSecondary,
  observed,
  primaryTargets,
  secondaryTargets,
} from '../world.ts';

const document = describeEnrollment(
  observed({
    clusters: [
      enabledPrimary(),
      joinedSecondary().controller({ clusterName: 'sec-cluster', vpcId: 'vpc-1' }),
    ],
    targets: { 80: [...primaryTargets, ...secondaryTargets] },
  }),
);
const asked = { name: 'sec', file: 'enrollment.yaml', service, contexts: ['pri'] };

test('what a cluster tracked, by target group', () => {
  expect(parseEnrollment(document).ok).toBe(true);
  expect(departedOf(document, asked)).toEqual({
    ok: true,
    value: {
      name: 'sec',
      file: 'enrollment.yaml',
      identity: 'uid-sec',
      clusterNames: ['sec-cluster'],
      vpcId: 'vpc-1',
      at: document.at,
      tracked: { [arnOf(80)]: secondaryTargets },
    },
  });
});

test('a document of an older version has only its context: an ARN ends with the name', () => {
  const context = 'arn:aws:eks:us-east-1:123456789012:cluster/sec';
  const members = document.members.map((member) => ({
    ...member,
    clusterNames: undefined,
    vpcId: undefined,
    context: member.context === 'sec' ? context : member.context,
  }));
  const parsed = parseEnrollment(JSON.parse(JSON.stringify({ ...document, members })));
  if (!parsed.ok) throw new Error(parsed.problem.message);
  const found = departedOf(parsed.value, asked);
  expect(found.ok && found.value).toMatchObject({ clusterNames: [context, 'sec'] });
  expect(found.ok && found.value).not.toHaveProperty('vpcId');
});

test.each([
  [{ name: 'third' }, 'has no cluster third; it has pri and sec'],
  [{ contexts: ['pri', 'sec'] }, '--departed and with --context'],
  [
    { service: { namespace: 'shop', name: 'nginx' } },
    'is about Service default/nginx, not shop/nginx',
  ],
])('%j is a slip', (over, words) => {
  const found = departedOf(document, { ...asked, ...over });
  expect(found).toMatchObject({ ok: false, problem: { code: 'usage' } });
  expect(found.ok ? '' : found.problem.message).toContain(words);
});
