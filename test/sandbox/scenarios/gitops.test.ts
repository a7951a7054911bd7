import { load } from 'js-yaml';
import type { Report } from '../../../src/core/plan/report.ts';
import type { KubeObject } from '../../../src/sandbox/kube/object.ts';
import { createWorld } from '../../../src/sandbox/world.ts';
import { runNlbmc, startPractice } from '../../commands/harness.ts';

const [PRI, SEC] = ['pri-eks-clu1', 'sec-eks-clu1'];
const ENABLE = `enable nginx --context ${PRI}`;
const JOIN = `join nginx --context ${SEC} --primary ${PRI}`;
const VERIFY = `verify nginx --context ${PRI},${SEC}`;
const person = { actor: 'person', manager: 'git', internal: true };

test('the world comes to rest, and the tool sets back what is changed by hand', () => {
  const world = createWorld({ scenario: 'gitops' });
  const { kube } = world.primary;
  const port = () => kube.get('services', 'default', 'nginx')?.spec.ports[0].targetPort as unknown;
  const body = { spec: { ports: [{ port: 80, targetPort: 81, name: 'http', protocol: 'TCP' }] } };
  kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
  expect(port()).toBe(81);
  world.settle();
  expect(port()).toBe(80);
  world.stop();
});

test('enable is reverted and verify says by whom; committed, the manifests of both lead to green', async () => {
  const sandbox = await startPractice({ scenario: 'gitops' });
  const { world } = sandbox;
  const nlbmc = (line: string) => runNlbmc(sandbox, line);
  const commit = (cluster: string, file: string, text: string): void => {
    const body = { data: { [file]: text } };
    const { kube } = world.cluster(cluster);
    kube.patch('configmaps', 'default', 'repository', { type: 'merge', body }, person);
    world.settle();
  };
  try {
    const asked = await nlbmc(`${ENABLE} --yes --no-input`);
    expect(asked.code).toBe(2);
    expect(asked.stderr + asked.stdout).toContain('managed-elsewhere');
    await nlbmc(`${ENABLE} --accept managed-elsewhere --timeout 30s`);
    world.settle();
    const first = JSON.parse((await nlbmc(`${VERIFY} -o json`)).stdout) as Report;
    expect(first.problems[0]?.message).toContain('field manager kustomize-controller');

    const part = load((await nlbmc(`${ENABLE} -o manifest`)).stdout) as KubeObject;
    const { kube } = world.cluster(PRI);
    const files = kube.get('configmaps', 'default', 'repository')?.data as Record<string, string>;
    const source = load(files['service.yaml'] ?? '') as KubeObject;
    Object.assign(source.metadata.annotations ?? {}, part.metadata.annotations);
    commit(PRI, 'service.yaml', JSON.stringify(source));
    expect((await nlbmc(`${ENABLE} --dry-run --detailed-exitcode`)).code).toBe(0);

    const binding = await nlbmc(`${JOIN} -o manifest`);
    expect(binding.code).toBe(0);
    commit(SEC, 'binding.yaml', binding.stdout);
    expect((await nlbmc(`${JOIN} --dry-run --detailed-exitcode`)).code).toBe(0);
    expect(await nlbmc(VERIFY)).toMatchObject({ code: 0 });
  } finally {
    await sandbox.stop();
  }
});
