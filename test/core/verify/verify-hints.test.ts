import { typed } from '../typed.ts';
import { endpointsAt, type ClusterBuilder } from '../cluster-builder.ts';
import { codesOf, enabledPrimary, joinedSecondary, secondaryTargets } from '../world.ts';
import { both, verify, withSecond } from '../verifying.ts';

describe('cause, and what to type', () => {
  test('an unclaimed target of a cluster that is listed does not ask for that cluster again', () => {
    const addressEvidence = { '10.0.2.1': { instance: 'i-9', cluster: 'sec', gone: false } };
    const { problems } = verify({ targets: { 80: [...both, '10.0.2.1:9090'] }, addressEvidence });
    expect(problems[0]?.message).toContain(
      'EC2 gives the address to sec, which will not deregister it',
    );
    expect(typed(problems[0])).toBe('nlbmc purge nginx -n default --context pri,sec');
  });

  test('an endpoint that somebody deregistered is registered again, not waited for', () => {
    const { ports, problems } = withSecond(joinedSecondary(), [
      ...both.slice(0, -1),
      '10.0.2.2:80 draining Target.DeregistrationInProgress',
    ]);
    expect(codesOf(problems)).toEqual(['endpoint-unregistered']);
    expect(typed(problems[0])).toBe('nlbmc repair nginx -n default --context pri,sec');
    expect(ports[0]?.notes).toMatchObject([{ kind: 'unregistered', code: problems[0]?.code }]);
  });

  test('an endpoint without a record gets the cure that makes the controller write it', () => {
    const { problems } = withSecond(joinedSecondary().tracks('nginx', undefined));
    expect(typed(problems[0])).toBe(
      'kubectl --context sec -n default scale deployment/nginx --replicas=3',
    );
  });

  test('protection that AWS has lost and the annotation asks for is put on in AWS', () => {
    const { problems } = verify({ protection: 'false' });
    expect(typed(problems[0])).toBe(
      'aws elbv2 modify-load-balancer-attributes --load-balancer-arn arn:lb --attributes Key=deletion_protection.enabled,Value=true',
    );
    const off = enabledPrimary().editService({ annotations: {} });
    const { problems: both } = verify({ clusters: [off, joinedSecondary()], protection: 'false' });
    expect(codesOf(both)).toEqual(['primary-not-enabled', 'deletion-unprotected']);
    expect(both.map(typed)).toEqual(Array(2).fill('nlbmc enable nginx -n default --context pri'));
  });

  test('an exclusive binding comes before what it did to the others', () => {
    const { problems } = withSecond(
      joinedSecondary().editBindings({ multiCluster: false }),
      secondaryTargets,
    );
    expect(codesOf(problems)).toEqual([
      'binding-exclusive',
      'endpoint-unregistered',
      'below-minimum',
    ]);
    expect(problems[0]?.message).toContain('(3 here)');
    expect(problems[0]).not.toHaveProperty('saves');
  });

  test.each<[string, ClusterBuilder, string]>([
    [
      'generated, and its Service asks for sharing',
      enabledPrimary().editBindings({ multiCluster: false }),
      'nlbmc repair nginx -n default --context pri',
    ],
    [
      'generated, and its Service does not',
      enabledPrimary().editBindings({ multiCluster: false }).editService({ annotations: {} }),
      'nlbmc enable nginx -n default --context pri',
    ],
    [
      'a person’s',
      enabledPrimary().binding({ name: 'own', multiCluster: false }).tracks('own', undefined),
      'kubectl --context pri -n default patch targetgroupbinding.elbv2.k8s.aws own --type=merge',
    ],
  ])('what makes an exclusive binding of the primary a shared one: %s', (_, pri, hint) => {
    const { problems } = verify({ clusters: [pri] });
    expect(typed(problems.find(({ code }) => code === 'binding-exclusive'))).toContain(hint);
  });

  test('a pod that ends is counted as draining where it was', () => {
    const sec = joinedSecondary().endpoints([
      ...endpointsAt(['10.0.2.1', '10.0.2.2']),
      ...endpointsAt(['10.0.2.9'], { ready: false, terminating: true }),
    ]);
    const { ports, exit } = withSecond(sec, [
      ...both,
      '10.0.2.9:80 draining Target.DeregistrationInProgress',
    ]);
    expect(exit).toBe(0);
    expect(ports[0]?.members.map(({ draining }) => draining)).toEqual([0, 1]);
  });

  test('a contested target has its state, and each cluster once', () => {
    const within = joinedSecondary()
      .binding({ name: 'again', multiCluster: true })
      .tracks('again', '10.0.2.1:80');
    expect(withSecond(within).ports[0]?.notes).toMatchObject([
      { kind: 'contested', owners: ['sec'], registered: { state: 'healthy' } },
    ]);
  });
});
