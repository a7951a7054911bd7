import type { Report } from '../../src/core/plan/report.ts';
import type { World } from '../../src/sandbox/world.ts';
import {
  ENABLE,
  JOIN,
  JOIN_BALANCER,
  JOIN_PEER,
  onStage,
  OTHER,
  PEER,
  PRI,
  SEC,
  type Stage,
  VERIFY,
  VERIFY_PEERS,
} from '../laws/stage.ts';

import { BINDINGS } from './repair-acts.ts';

const person = { actor: 'person', manager: 'kubectl', internal: true };
const http = { name: 'http', port: 80, targetPort: 80, protocol: 'TCP' };
const tcp = { name: 'dns-tcp', port: 53, targetPort: 80, protocol: 'TCP' };
const udp = { name: 'dns', port: 53, targetPort: 80, protocol: 'UDP' };
const annotation = 'service.beta.kubernetes.io/aws-load-balancer-';

type Kube = World['primary']['kube'];
const edit = (kube: Kube, name: string, body: object): unknown =>
  kube.patch('services', 'default', name, { type: 'merge', body }, person);

/** What a command says with `-o json`, once the world has settled. */
async function said(stage: Stage, line: string): Promise<Report & { exit: number }> {
  const { code, stdout } = await stage.nlbmc(`${line} -o json`);
  stage.world.settle();
  return { ...(JSON.parse(stdout) as Report), exit: code };
}

const bindingsIn = (kube: Kube) =>
  kube
    .list(BINDINGS, 'default')
    .map(({ metadata, spec }) => `${metadata.name}: ${spec.serviceRef.port}`)
    .toSorted();

describe('a Service with 80, and 53 over TCP and UDP in one target group', () => {
  const arrange = ({ world }: Stage, protocol: Record<string, string> = {}): void => {
    const notes = { [`${annotation}enable-tcp-udp-listener`]: 'true', ...protocol };
    edit(world.primary.kube, 'nginx', {
      metadata: { annotations: notes },
      spec: { ports: [http, tcp, udp] },
    });
    for (const { kube } of world.secondaries)
      edit(kube, 'nginx', { spec: { ports: [http, tcp, udp] } });
    world.settle();
  };

  test('is enabled, joined, verified, left and ended', () =>
    onStage('deployed', async (stage) => {
      arrange(stage);
      expect(await said(stage, `${ENABLE} --yes`)).toMatchObject({ exit: 0 });
      const joined = await said(stage, `${JOIN} --yes`);
      expect([joined.exit, joined.problems]).toEqual([0, []]);
      const [secondary] = stage.world.secondaries;
      expect(secondary && bindingsIn(secondary.kube)).toEqual(['nginx-53: 53', 'nginx-80: 80']);
      const verified = await said(stage, VERIFY);
      expect([verified.exit, verified.problems]).toEqual([0, []]);
      expect(verified.verdict?.ports.map(({ port, protocol }) => `${port}/${protocol}`)).toEqual([
        '53/TCP_UDP',
        '80/TCP',
      ]);
      expect((await said(stage, `${JOIN} --yes`)).writes).toEqual([]);
      const left = await said(stage, `leave nginx --context ${SEC} --primary ${PRI} --yes`);
      expect([left.exit, left.problems]).toEqual([0, []]);
      const ended = `disable nginx --context ${PRI} --exclusive --accept unlisted-members --yes`;
      expect(await said(stage, ended)).toMatchObject({ exit: 0, problems: [] });
    }));

  test('with TLS and proxy protocol: the caution names the proof', () =>
    onStage('deployed', async (stage) => {
      const [certificate = ''] = stage.world.aws.certificates;
      arrange(stage, {
        [`${annotation}ssl-cert`]: certificate,
        [`${annotation}ssl-ports`]: 'http',
        [`${annotation}proxy-protocol`]: '*',
      });
      expect(await said(stage, `${ENABLE} --yes`)).toMatchObject({ exit: 0 });
      const joined = await said(stage, `${JOIN} --yes`);
      expect([joined.exit, joined.problems]).toEqual([0, []]);
      expect(joined.cautions.map(({ code }) => code)).toContain('proxy-protocol');
      expect((await said(stage, VERIFY)).exit).toBe(0);
    }));

  test('not merged, and with different target ports: verify and enable say so', () =>
    onStage('deployed', async (stage) => {
      const { kube } = stage.world.primary;
      edit(kube, 'nginx', { spec: { ports: [http, tcp, udp] } });
      stage.world.settle();
      const { cautions } = await said(stage, `${ENABLE} --yes`);
      expect(cautions.map(({ code }) => code)).toContain('port-unserved');
      const verified = await said(stage, `verify nginx --context ${PRI}`);
      const lost = verified.problems.find(({ code }) => code === 'port-unserved');
      expect([verified.exit, lost?.about?.port]).toEqual([3, '53/UDP']);
      expect(JSON.stringify(lost?.hints)).toContain(`${annotation}enable-tcp-udp-listener=true`);

      edit(kube, 'nginx', {
        metadata: { annotations: { [`${annotation}enable-tcp-udp-listener`]: 'true' } },
        spec: { ports: [http, tcp, { ...udp, targetPort: 8080 }] },
      });
      stage.world.settle();
      const after = await said(stage, `verify nginx --context ${PRI}`);
      const codes = after.problems.map(({ code }) => code);
      expect(codes).toContain('target-ports-differ');
      expect(codes).not.toContain('port-unserved');
    }));

  test('a Service without the UDP port is refused, and the hint joins the rest', () =>
    onStage('deployed', async (stage) => {
      arrange(stage);
      const [secondary] = stage.world.secondaries;
      edit(secondary!.kube, 'nginx', { spec: { ports: [http, tcp] } });
      stage.world.settle();
      expect(await said(stage, `${ENABLE} --yes`)).toMatchObject({ exit: 0 });
      const refused = await said(stage, `${JOIN} --yes`);
      expect([refused.exit, refused.problems.map(({ code }) => code)]).toEqual([
        5,
        ['port-missing'],
      ]);
      expect(await said(stage, `${JOIN} --ports 80 --yes`)).toMatchObject({ exit: 0 });
      expect((await said(stage, VERIFY)).exit).toBe(3);
    }));
});

describe('a node port that changed under the rules of its binding', () => {
  test('is a finding of verify, join says so, and join --adopt mends it', () =>
    onStage(
      'joined',
      async (stage) => {
        const [secondary] = stage.world.secondaries;
        const { kube } = secondary!;
        const [port] = kube.get('services', 'default', 'nginx')?.spec.ports ?? [];
        edit(kube, 'nginx', { spec: { ports: [{ ...port, nodePort: 31_999 }] } });
        stage.world.settle();
        const verified = await said(stage, VERIFY);
        expect(verified.exit).toBe(3);
        const stale = verified.problems.find(({ code }) => code === 'networking-stale');
        expect(stale?.message).toContain('does not open node port 31999');
        const again = await said(stage, `${JOIN} --yes`);
        expect(again.writes).toEqual([]);
        expect(
          [...again.cautions, ...(again.notes ?? []), ...again.problems].map(({ code }) => code),
        ).toContain('binding-differs');
        const adopted = await said(stage, `${JOIN} --adopt --yes`);
        expect([adopted.exit, adopted.writes.length]).toEqual([0, 1]);
        expect((await said(stage, VERIFY)).exit).toBe(0);
      },
      'instance',
    ));
});

describe('no cluster owns the load balancer', () => {
  /** A listener with a target group for these protocols, beside the ones that are there. */
  function addListener({ world: { aws } }: Stage, port: number, listener: string, group: string) {
    const call = (action: string, params: object) => aws.call(`elbv2.${action}`, params, 'person');
    const [balancer] = call('DescribeLoadBalancers', {}).LoadBalancers;
    // A group without targets takes no zone out of DNS: each address has to lead to all targets.
    call('ModifyLoadBalancerAttributes', {
      LoadBalancerArn: balancer.LoadBalancerArn,
      Attributes: [{ Key: 'load_balancing.cross_zone.enabled', Value: 'true' }],
    });
    const { TargetGroups } = call('CreateTargetGroup', {
      Name: `shared-${port}`,
      Protocol: group,
      Port: 80,
      VpcId: aws.network.vpcId,
      TargetType: 'ip',
      HealthCheckProtocol: 'TCP',
      HealthCheckIntervalSeconds: 10,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
    });
    call('CreateListener', {
      LoadBalancerArn: balancer.LoadBalancerArn,
      Protocol: listener,
      Port: port,
      ...(listener === 'TLS'
        ? { Certificates: [{ CertificateArn: [...aws.certificates][0] }] }
        : {}),
      DefaultActions: [{ Type: 'forward', TargetGroupArn: TargetGroups[0].TargetGroupArn }],
    });
  }

  const https = { name: 'https', port: 443, targetPort: 80, protocol: 'TCP' };
  const arrange = (stage: Stage): void => {
    addListener(stage, 53, 'TCP_UDP', 'TCP_UDP');
    addListener(stage, 443, 'TLS', 'TCP');
    addListener(stage, 5353, 'UDP', 'UDP');
    for (const { kube } of [stage.world.primary, ...stage.world.secondaries])
      edit(kube, 'web', { spec: { ports: [http, https, tcp, udp] } });
    stage.world.settle();
  };

  test('every protocol joins, is verified, repaired and left', () =>
    onStage(
      'deployed',
      async (stage) => {
        arrange(stage);
        const refused = await said(stage, `${JOIN_BALANCER} --yes`);
        const unnamed = refused.problems.find(({ code }) => code === 'source-ranges-unnamed');
        expect(unnamed?.message).toContain('on port 53 (TCP_UDP). Which');
        const first = await said(stage, `${JOIN_BALANCER} --from-cidr 0.0.0.0/0 --yes`);
        expect([first.exit, first.problems]).toEqual([0, []]);
        expect(bindingsIn(stage.world.primary.kube)).toEqual([
          'web-443: 443',
          'web-53: 53',
          'web-80: 80',
        ]);
        const second = await said(stage, `${JOIN_PEER} --yes`);
        expect([second.exit, second.problems]).toEqual([0, []]);
        const verified = await said(stage, VERIFY_PEERS);
        expect([verified.exit, verified.problems]).toEqual([0, []]);
        await stage.sandbox.traffic.ready();
        const ca = `${stage.sandbox.dir}/load-balancer-ca.crt`;
        const tried = await said(stage, `${VERIFY_PEERS} --traffic=4 --ca ${ca}`);
        expect([tried.exit, tried.problems]).toEqual([0, []]);
        expect(tried.traffic?.ports.map((one) => [one.port, one.protocol, one.answered])).toEqual([
          [53, 'TCP_UDP', 4],
          [80, 'TCP', 4],
          [443, 'TLS', 4],
        ]);
        const repaired = await said(stage, `repair web --context ${PEER},${OTHER} --yes`);
        expect([repaired.exit, repaired.writes]).toEqual([0, []]);
        const left = await said(stage, `leave web --context ${OTHER} --primary ${PEER} --yes`);
        expect([left.exit, left.problems]).toEqual([0, []]);
      },
      'no-owner',
    ));

  test('the UDP one of two ports goes to a listener of another number, with a binding of its own', () =>
    onStage(
      'deployed',
      async (stage) => {
        addListener(stage, 5300, 'TCP', 'TCP');
        addListener(stage, 5353, 'UDP', 'UDP');
        edit(stage.world.primary.kube, 'web', { spec: { ports: [tcp, udp] } });
        stage.world.settle();
        const map = '--map-port 5300=53/TCP,5353=53/udp';
        const joined = await said(stage, `${JOIN_BALANCER} ${map} --from-cidr 0.0.0.0/0 --yes`);
        expect([joined.exit, joined.problems]).toEqual([0, []]);
        expect(bindingsIn(stage.world.primary.kube)).toEqual([
          'web-53-udp: dns',
          'web-53: dns-tcp',
        ]);
        const verified = await said(stage, `verify web --context ${PEER}`);
        expect([verified.exit, verified.problems]).toEqual([0, []]);
        // What connections cannot prove is shown as skipped, and not as answered.
        await stage.sandbox.traffic.ready();
        const tried = await said(stage, `verify web --context ${PEER} --traffic=4`);
        expect([tried.exit, tried.skips.map(({ code }) => code)]).toEqual([0, ['traffic-untried']]);
        expect(tried.traffic?.ports.map(({ port }) => port)).toEqual([5300]);
      },
      'no-owner',
    ));
});
