import type { Enrollment } from '../../../src/core/observed/enrollment-document.ts';
import { evidenceIn } from '../../../src/core/observed/evidence.ts';
import { recordedOf } from '../recording.ts';
import { enabledPrimary, joinedSecondary, primaryTargets, secondaryTargets } from '../world.ts';

const BALANCER = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/web/50dc6c';

const whole = (): Enrollment =>
  recordedOf(
    [enabledPrimary(), joinedSecondary()],
    (document) => ({ ...document, loadBalancer: { ...document.loadBalancer!, arn: BALANCER } }),
    { targets: { 80: [...primaryTargets, ...secondaryTargets] } },
  );

/** The document with one value replaced, by its path; undefined: taken away. */
function withValue(path: string, value: unknown): Enrollment {
  const document = whole() as unknown as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop() ?? '';
  let at = document;
  for (const name of names) at = at[name] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return document as unknown as Enrollment;
}

test('a document of this version is evidence', () => {
  expect(evidenceIn(whole())).toEqual({ ok: true, value: whole() });
});

test.each<[string, unknown, string]>([
  ['at', 'yesterday', 'at is not a time'],
  ['loadBalancer', null, 'loadBalancer is null: it was not read'],
  ['loadBalancer.arn', 'web', 'loadBalancer.arn is not an ARN'],
  [
    'loadBalancer.arn',
    BALANCER.replace('us-east-1', 'eu-west-1'),
    'loadBalancer.arn is in eu-west',
  ],
  ['region', 'eu-west-1', 'loadBalancer.arn is in us-east-1, and region is eu-west-1'],
  ['account', '210987654321', 'loadBalancer.arn is in account 123456789012'],
  ['owner', undefined, 'owner is missing: an older version'],
  ['owner', null, 'owner is null: it was not read'],
  ['owner', { kind: 'none' }, 'owner is not the Service of primary'],
  ['primary.sharing', undefined, 'primary.sharing is missing: an older version'],
  ['primary.context', 'other', 'primary.context other is not among members'],
  ['primary.identity', 'other', 'primary.identity differs from that of pri'],
  ['ports', [], 'ports is empty'],
  ['ports.0.listenerPorts', null, 'ports[0].listenerPorts is null'],
  ['ports.0.servicePort', undefined, 'ports[0].servicePort is missing'],
  ['ports.0.targetGroup.protocol', null, 'ports[0].targetGroup.protocol is null'],
  [
    'ports.0.targetGroup.arn',
    'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/other/0123',
    'ports[0].binding.targetGroup is not among the target groups of ports',
  ],
  ['ports.0.binding.multiCluster', false, 'ports[0].binding differs from the bindings of members'],
  ['ports.0.binding.tracked', [], 'ports[0].binding differs from the bindings of members'],
  ['ports.0.binding.registered', null, 'ports[0].binding.registered is null: it was not read'],
  ['members', [], 'primary.context pri is not among members'],
  ['members.0.context', 'sec', 'primary.context pri is not among members'],
  ['members.1.context', 'pri', 'members[1].context is there twice'],
  ['members.1.bindings.0.registered', undefined, 'members[1].bindings[0].registered is missing'],
  ['members.1.bindings.0.targetGroup', undefined, 'members[1].bindings[0].targetGroup is missing'],
])('%s as %j is no evidence, and the field is named', (path, value, said) => {
  const read = evidenceIn(withValue(path, value));
  expect(read).toMatchObject({ ok: false, problem: { code: 'usage' } });
  expect(!read.ok && read.problem.message).toContain(said);
});
