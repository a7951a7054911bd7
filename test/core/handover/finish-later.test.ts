import { planHandover } from '../../../src/core/handover/plan-handover.ts';
import type { SecurityGroup } from '../../../src/core/model/aws.ts';
import { known } from '../../../src/core/model/problem.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { handing, owner } from '../handing.ts';
import { joinedSecondary } from '../world.ts';

const backend = (id: string, cluster: string): SecurityGroup => ({
  id,
  name: id,
  description: '',
  vpcId: 'vpc-1',
  tags: { 'elbv2.k8s.aws/resource': 'backend-sg', 'elbv2.k8s.aws/cluster': cluster },
  ingress: [],
  egress: [],
});

const ofOld = backend('sg-old', 'pri');

/** A handover of a load balancer with the backend group of its owner, which the rules let in. */
function planned({ lost = false } = {}, ...more: readonly SecurityGroup[]): Plan {
  const rules = [{ from: [{ securityGroup: { groupID: 'sg-old' } }], ports: [{ port: 80 }] }];
  const { observed, intent } = handing({
    old: owner().editBindings({ networking: rules }),
    fresh: joinedSecondary().editBindings({ networking: rules }),
    balancer: {
      vpcId: 'vpc-1',
      securityGroupIds: ['sg-old'],
      securityGroups: known([ofOld]),
    },
    facts: { groups: known([ofOld, ...more]), ...(lost ? { instances: known([]) } : {}) },
    intent: { lost },
  });
  const plan = planHandover(observed, intent);
  expect(plan.blockers).toEqual([]);
  return plan;
}

const NOT_YET = 'which does not exist yet';

test('a group that is not there yet has words for its id, and nothing that is sent has them', () => {
  const { later, ...sent } = planned();
  expect(JSON.stringify(later)).toContain(NOT_YET);
  expect(JSON.stringify(sent)).not.toContain(NOT_YET);
  for (const step of later ?? []) expect(step).not.toHaveProperty('patch');
});

test('the group of the new owner is there, and is named', () => {
  const text = JSON.stringify(planned({}, backend('sg-new', 'sec')).later);
  expect(text).toContain('sg-new');
  expect(text).not.toContain(NOT_YET);
});

test('a group that targets of a lost cluster may need stays: that is said, and not listed', () => {
  const { later, skips } = planned({ lost: true });
  expect(skips).toMatchObject([{ code: 'group-unknown' }]);
  expect(skips[0]?.message).toContain('sg-old stays');
  expect((later ?? []).filter(({ kind }) => kind === 'wait')).toEqual([]);
});
