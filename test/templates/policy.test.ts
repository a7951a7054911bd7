import { createHash } from 'node:crypto';
import { CONTROLLER_CALLS } from './controller-calls.ts';
import { resourcesOf, stack } from './stack.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
interface PolicyDocument {
  readonly Statement: readonly Statement[];
}

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  typeof value === 'string' ? [value] : (value ?? []);

const document = stack.Resources['ControllerPolicy']?.Properties[
  'PolicyDocument'
] as PolicyDocument;
const statements = document.Statement;
const allowing = (action: string): Statement[] =>
  statements.filter(({ Action }) => list(Action).includes(action));

/** JSON with sorted keys: the same for the same policy, however it is laid out. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
};

describe('the policy of the controller in the stack', () => {
  test.each(Object.entries(CONTROLLER_CALLS))('allows what %s calls', (_, calls) => {
    expect(calls.filter((call) => allowing(call).length === 0)).toEqual([]);
  });

  test('lets every cluster register in a target group that another one made', () => {
    // A condition on the tag elbv2.k8s.aws/cluster would be met there as well, but only by chance.
    for (const action of ['RegisterTargets', 'DeregisterTargets']) {
      const open = allowing(`elasticloadbalancing:${action}`).filter((s) => !s.Condition);
      expect(open.flatMap((s) => list(s.Resource))).toEqual([
        'arn:aws:elasticloadbalancing:*:*:targetgroup/*/*',
      ]);
    }
  });

  test('is the one that the controller publishes, to the letter', () => {
    // Of docs/install/iam_policy.json, upstream commit 93ff3b5fdaad.
    expect(createHash('sha256').update(canonical(document)).digest('hex')).toBe(
      'bb9e48240ace4258c78d152ce98175ee6a118f0715faad4ff5a3e394c9d66171',
    );
  });

  test('names each action, without a star', () => {
    const actions = statements.flatMap(({ Action }) => list(Action));
    expect(actions.length).toBeGreaterThan(60);
    expect(actions.filter((action) => !/^[a-z0-9-]+:[A-Z]\w+$/.test(action))).toEqual([]);
  });

  test('fits: a managed policy takes 6,144 characters', () => {
    expect(canonical(document).length).toBeLessThanOrEqual(6_144);
  });
});

describe('other rights in the stack', () => {
  const roles = resourcesOf('AWS::IAM::Role');

  test('are policies of AWS that EKS asks for, by name', () => {
    expect(resourcesOf('AWS::IAM::ManagedPolicy').map(([id]) => id)).toEqual(['ControllerPolicy']);
    expect(resourcesOf('AWS::IAM::Policy')).toEqual([]);
    const attached = roles.flatMap(([id, { Properties }]) =>
      (Properties['ManagedPolicyArns'] as Record<string, string>[]).map(
        (arn) => `${id} ${arn['!Ref'] ?? arn['!Sub']?.replace(/^.*\//, '')}`,
      ),
    );
    expect(attached.sort()).toEqual([
      'ClusterRole AmazonEKSClusterPolicy',
      'ControllerRole ControllerPolicy',
      'NodeRole AmazonEC2ContainerRegistryPullOnly',
      'NodeRole AmazonEKSWorkerNodePolicy',
      'NodeRole AmazonEKS_CNI_Policy',
    ]);
    expect(roles.filter(([, { Properties }]) => 'Policies' in Properties)).toEqual([]);
  });

  test('each role is one service’s; the controller’s is that of Pod Identity', () => {
    const trusted = Object.fromEntries(
      roles.map(([id, { Properties }]) => {
        const trust = Properties['AssumeRolePolicyDocument'] as {
          Statement: { Principal: { Service: string }; Action: string | string[] }[];
        };
        return [id, trust.Statement.map((s) => [s.Principal.Service, ...list(s.Action)].join(' '))];
      }),
    );
    expect(trusted).toEqual({
      ClusterRole: ['eks.amazonaws.com sts:AssumeRole'],
      NodeRole: ['ec2.amazonaws.com sts:AssumeRole'],
      ControllerRole: ['pods.eks.amazonaws.com sts:AssumeRole sts:TagSession'],
    });
  });
});
