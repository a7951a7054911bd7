import type { KubeObject } from '../../../../src/sandbox/kube/object.ts';
import type { WantedRule } from '../../../../src/sandbox/lbc/networking/ingress-rule.ts';
import { mergedRules, wantedRules } from '../../../../src/sandbox/lbc/networking/wanted-rules.ts';

const GROUP = { securityGroup: { groupID: 'sg-1' } };
const source = { kind: 'group', id: 'sg-1' } as const;

const pod = (name: string, http: number, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { containers: [{ name: 'a', ports: [{ name: 'http', containerPort: http }] }], ...more },
});

const ruleFor = (port: object, from: object = GROUP) =>
  ({ ingress: [{ from: [from], ports: [port] }] }) as never;

describe('the rules of one binding', () => {
  test('a rule for each peer and port, TCP unless told otherwise', () => {
    const networking = {
      ingress: [
        {
          from: [
            GROUP,
            { ipBlock: { cidr: '10.1.0.0/16' } },
            { ipBlock: { cidr: '2001:db8::/32' } },
          ],
          ports: [{ port: 80 }, { protocol: 'UDP' as const, port: 53 }],
        },
      ],
    };
    expect(wantedRules(networking, [])).toEqual(
      [
        source,
        { kind: 'ipv4', cidr: '10.1.0.0/16' },
        { kind: 'ipv6', cidr: '2001:db8::/32' },
      ].flatMap((from) => [
        { protocol: 'tcp', from: 80, to: 80, source: from },
        { protocol: 'udp', from: 53, to: 53, source: from },
      ]),
    );
  });

  test('a port without number is every port, a rule without ports is nothing', () => {
    expect(wantedRules(ruleFor({ protocol: 'TCP' }), [])).toMatchObject([{ from: 0, to: 65_535 }]);
    expect(wantedRules({ ingress: [{ from: [GROUP], ports: [] }] }, [])).toEqual([]);
  });

  test('a name is looked up on each pod, sidecars included', () => {
    const sidecar = {
      containers: [],
      initContainers: [{ restartPolicy: 'Always', ports: [{ name: 'http', containerPort: 8082 }] }],
    };
    const pods = [pod('a', 8081), pod('b', 8080), pod('c', 8081), pod('d', 0, sidecar)];
    const found = wantedRules(ruleFor({ port: 'http' }), pods);
    expect(found.map(({ from }) => from)).toEqual([8080, 8081, 8082]);
  });

  test('what cannot be said is refused in upstream’s words', () => {
    expect(() => wantedRules(ruleFor({ port: 'https' }), [pod('a', 80)])).toThrow(
      'unable to find port https on pod default/a',
    );
    expect(() => wantedRules(ruleFor({ port: 'http' }), [])).toThrow(
      'named ports can only be used with pod endpoints',
    );
    expect(() => wantedRules(ruleFor({ port: 80 }, {}), [])).toThrow(
      'either ipBlock or securityGroup should be specified',
    );
    expect(() => wantedRules(ruleFor({ port: 80 }, { ipBlock: { cidr: '10.0.0.0' } }), [])).toThrow(
      'invalid CIDR address: 10.0.0.0',
    );
  });
});

describe('the rules of all bindings on one group', () => {
  const rules: WantedRule[] = [
    { protocol: 'tcp', from: 8080, to: 8080, source },
    { protocol: 'tcp', from: 80, to: 80, source },
    { protocol: 'udp', from: 53, to: 53, source },
    { protocol: 'tcp', from: 443, to: 443, source: { kind: 'group', id: 'sg-2' } },
    { protocol: 'tcp', from: 80, to: 80, source: { kind: 'ipv4', cidr: '10.1.0.0/16' } },
    { protocol: 'tcp', from: 81, to: 81, source: { kind: 'ipv4', cidr: '10.1.0.0/16' } },
  ];

  test('become one range per protocol and source group; address blocks stay apart', () => {
    expect(mergedRules(rules, true)).toEqual([
      { protocol: 'tcp', from: 80, to: 8080, source },
      rules[2],
      rules[3],
      rules[4],
      rules[5],
    ]);
  });

  test('stay as they are where the flag says so', () => {
    expect(mergedRules(rules, false)).toEqual(rules);
  });
});
