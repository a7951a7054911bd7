import type { Report } from '../../src/core/plan/report.ts';
import { onStage, OTHER, PRI, SEC, VERIFY, VERIFY_PEERS } from '../laws/stage.ts';

const BINDINGS = 'targetgroupbindings.elbv2.k8s.aws';
const FLAG = 'service.beta.kubernetes.io/aws-load-balancer-multi-cluster-target-group';
const flux = { actor: 'person', manager: 'kustomize-controller', internal: true, force: true };
const mark = { 'kustomize.toolkit.fluxcd.io/name': 'apps' };

const firstOf = (stdout: string) => (JSON.parse(stdout) as Report).problems[0];

describe('a tool that deploys from a source without the flag', () => {
  test('reverts the annotation: the first line of verify says who, and what to put into the source', () =>
    onStage('joined', async ({ world, nlbmc }) => {
      const { kube } = world.cluster(PRI);
      const body = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'nginx', labels: mark, annotations: { [FLAG]: 'false' } },
      };
      const revertedAt = world.clock.date().getTime();
      kube.patch('services', 'default', 'nginx', { type: 'apply', body }, flux);
      const { code, stdout } = await nlbmc(`${VERIFY} -o json`);
      expect(code).toBe(3);
      const first = firstOf(stdout);
      expect(first?.code).toBe('primary-not-enabled');
      expect(first?.message).toContain(
        'Flux (Kustomization) and kustomize-controller deploy the Service',
      );
      const { manager, at } = first?.setBack ?? {};
      expect(manager).toBe('kustomize-controller');
      expect(Date.parse(at ?? '')).toBe(Math.floor(revertedAt / 1000) * 1000);
      expect(first?.message).toContain(
        `is "false", set so by field manager kustomize-controller at ${at} (0s ago) or earlier`,
      );
      expect(JSON.stringify(first?.hints?.[0])).toContain('--output manifest');
      // Once the controller has acted on it, too.
      world.settle();
      world.clock.advance(revertedAt + 10 * 60_000 - world.clock.date().getTime());
      const later = firstOf((await nlbmc(`${VERIFY} -o json`)).stdout);
      expect(later?.code).toBe('binding-exclusive');
      expect(later?.message).toContain(`field manager kustomize-controller at ${at} (10m ago)`);
      expect(later?.setBack).toEqual(first?.setBack);
    }));

  test.each([
    [SEC, 'nginx', VERIFY, undefined],
    [OTHER, 'web', VERIFY_PEERS, 'no-owner'],
  ] as const)('takes the flag off a binding in %s', (cluster, name, verify, scenario) =>
    onStage(
      'joined',
      async ({ world, nlbmc }) => {
        const { kube } = world.cluster(cluster);
        const there = kube.get(BINDINGS, 'default', name);
        const body = {
          apiVersion: there?.apiVersion,
          kind: there?.kind,
          metadata: { name, labels: mark },
          spec: { ...there?.spec, multiClusterTargetGroup: false },
        };
        kube.patch(BINDINGS, 'default', name, { type: 'apply', body }, flux);
        const { code, stdout } = await nlbmc(`${verify} -o json`);
        expect(code).toBe(3);
        const first = firstOf(stdout);
        expect(first?.code).toBe('binding-exclusive');
        expect(first?.message).toContain('Flux (Kustomization)');
        expect(first?.message).toContain('The flag was set to false by field manager kustomize-c');
        expect(first?.setBack?.manager).toBe('kustomize-controller');
        expect(JSON.stringify(first?.hints?.[0])).toContain('spec.multiClusterTargetGroup: true');
      },
      scenario,
    ),
  );
});

test('a person who did it by hand is no tool', () =>
  onStage('joined', async ({ world, nlbmc }) => {
    const person = { actor: 'person', manager: 'kubectl-annotate', internal: true };
    const body = { metadata: { annotations: { [FLAG]: null } } };
    world.cluster(PRI).kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
    const first = firstOf((await nlbmc(`${VERIFY} -o json`)).stdout);
    expect(first?.code).toBe('primary-not-enabled');
    expect(first?.message).not.toContain('deploy');
    // Of an annotation that is gone, nobody is the owner, and nothing has a time.
    expect(first?.message).not.toContain('set so by');
    expect(first).not.toHaveProperty('setBack');
  }));

test('a person who wrote false is named with the time', () =>
  onStage('joined', async ({ world, nlbmc }) => {
    const { kube } = world.cluster(PRI);
    const person = { actor: 'person', manager: 'kubectl-annotate', internal: true };
    const body = { metadata: { annotations: { [FLAG]: 'false' } } };
    kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
    const first = firstOf((await nlbmc(`${VERIFY} -o json`)).stdout);
    expect(first?.message).toMatch(
      /is "false", set so by field manager kubectl-annotate at \S+ \(/,
    );
    expect(first?.message).not.toContain('deploy');
    expect(first?.setBack?.manager).toBe('kubectl-annotate');
  }));
