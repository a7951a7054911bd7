import { known } from '../../../src/core/model/problem.ts';
import {
  trackingCollision,
  trackingCollisions,
} from '../../../src/core/observed/tracking-collision.ts';
import { typed } from '../typed.ts';
import { bindingWith, endpointsAt, type ClusterBuilder } from '../cluster-builder.ts';
import { plan } from '../joining.ts';
import { codesOf, enabledPrimary, secondary, unreadable } from '../world.ts';

const own = { namespace: 'default', name: 'nginx', multiCluster: true };
const rival = { namespace: 'def', name: 'ault-nginx', multiCluster: true };
const hyphen = { namespace: 'a', name: 'b-c', multiCluster: true };
const other = { namespace: 'a-b', name: 'c', multiCluster: true };

const collisionIn = (cluster: ClusterBuilder) =>
  trackingCollision(cluster.binding(hyphen).binding(other).view, bindingWith(hyphen));

describe('two bindings whose names an old controller confuses', () => {
  test.each<[string, ClusterBuilder, boolean]>([
    ['3.4.3', secondary().controller({ version: '3.4.3' }), true],
    ['v2.10.0', secondary().controller({ version: 'v2.10.0' }), true],
    ['3.5.0', secondary(), false],
    ['a digest', secondary().controller({ version: 'sha256-abc' }), true],
    ['unread', secondary().with({ controller: unreadable() }), true],
    ['none found', secondary().with({ controller: known({ deployments: [] }) }), true],
  ])('%s', (_, cluster, collides) => {
    const problem = collisionIn(cluster);
    expect(problem?.code).toBe(collides ? 'tracking-collision' : undefined);
    if (collides) expect(typed(problem)).toContain('helm upgrade');
  });

  test.each([
    [hyphen, { ...other, multiCluster: false }],
    [hyphen, { ...other, flavour: 'auto-mode' as const }],
    [hyphen, { ...other, name: 'd' }],
    [own, rival],
  ])('are these none: %j and %j', (a, b) => {
    const cluster = secondary().controller({ version: '3.4.3' }).binding(a).binding(b);
    expect(trackingCollision(cluster.view, bindingWith(a))).toBeUndefined();
  });

  test('are one finding where both are asked about', () => {
    const { view } = secondary().controller({ version: '3.4.3' }).binding(hyphen).binding(other);
    const all = [hyphen, other, hyphen].map((one) => bindingWith(one));
    expect(trackingCollisions(view, all)).toEqual([trackingCollision(view, all[0]!)]);
  });

  test('refuse a join to what has one of them', () => {
    const primary = enabledPrimary()
      .controller({ version: '3.4.3' })
      .binding({
        ...other,
        namespace: 'default-k8s',
        name: 'default-nginx-1',
        targetGroupArn: 'x',
      });
    expect(codesOf(plan(secondary(), {}, primary).blockers)).toEqual(['tracking-collision']);
  });
});

describe('the name of a new binding', () => {
  const nameIn = (cluster: ClusterBuilder): string | undefined => {
    const [step] = plan(cluster).steps;
    return step?.kind === 'apply-binding' ? step.document.metadata.name : undefined;
  };
  const old = secondary().controller({ version: '3.4.3' });
  const elsewhere = { ...other, targetGroupArn: 'arn:other' };

  test.each<[string, ClusterBuilder, string]>([
    ['a controller that keeps records apart', secondary(), 'nginx'],
    [
      '... whatever the others are called',
      secondary().binding({ ...elsewhere, namespace: 'x' }),
      'nginx',
    ],
    ['an old one, and no binding that it confuses', old, 'nginx'],
    [
      'an old one, and other namespaces unread',
      old.with({ bindingsScope: 'namespace' }),
      'nginx-ab0080',
    ],
    [
      'a new one, and other namespaces unread',
      secondary().with({ bindingsScope: 'namespace' }),
      'nginx',
    ],
    ['one whose version is unread', secondary().with({ controller: unreadable() }), 'nginx-ab0080'],
  ])('%s', (_, cluster, name) => expect(nameIn(cluster)).toBe(name));

  test('has the digits where an old controller would confuse the plain one', () => {
    const localService = { namespace: 'a-b', name: 'c' };
    const cluster = old
      .with({ localService })
      .service({ ...localService })
      .binding({ ...hyphen, targetGroupArn: 'arn:other' })
      .endpoints(endpointsAt(['10.0.2.1']), 'a-b/c')
      .with({ tracked: { 'a-b/c-ab0080': known({ kind: 'missing' }) } });
    const [step] = plan(cluster, { localService }).steps;
    expect(step?.kind === 'apply-binding' && step.document.metadata.name).toBe('c-ab0080');
  });
});
