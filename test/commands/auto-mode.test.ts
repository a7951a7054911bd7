import { onStage, PRI, SEC, type Stage } from '../laws/stage.ts';
import { addresses, register } from './repair-acts.ts';
import { runNlbmc } from './harness.ts';

const LBC = 'targetgroupbindings.elbv2.k8s.aws';
const AUTO = 'targetgroupbindings.eks.amazonaws.com';
const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';
const person = { actor: 'person', manager: 'kubectl', internal: true };

/** A cluster of EKS Auto Mode: no controller in it, and the kind in the API of EKS alone. */
function turnIntoAutoMode({ world }: Stage): void {
  const { kube, lbc } = world.cluster(SEC);
  const [definition] = kube.list(DEFINITIONS).filter(({ metadata }) => metadata.name === LBC);
  lbc.uninstall();
  kube.delete(DEFINITIONS, '', LBC, person);
  const { spec, apiVersion, kind } = definition!;
  const [version] = spec.versions.filter(({ storage }: { storage: boolean }) => storage);
  kube.create(
    DEFINITIONS,
    {
      apiVersion,
      kind,
      metadata: { name: AUTO },
      spec: { ...spec, group: 'eks.amazonaws.com', versions: [{ ...version, name: 'v1' }] },
    },
    person,
  );
}

/** What its controller does, which nobody can look into: it registers the pods and keeps a record. */
function actAsAutoMode({ world }: Stage): void {
  const { kube } = world.cluster(SEC);
  const bindings = kube.list(AUTO, 'default');
  const ips = addresses(world, SEC);
  for (const { metadata } of bindings) {
    const name = `eks-lbc-targets-${metadata.name}`;
    if (kube.get('configmaps', 'default', name)) continue;
    register(world, ips);
    const data = { targets: ips.map((ip) => `${ip}:80`).join() };
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'default' },
      data,
    };
    kube.create('configmaps', map, person);
  }
}

test('a cluster that has EKS Auto Mode and no other controller joins in the API that it serves', () =>
  onStage('enabled', async (stage) => {
    turnIntoAutoMode(stage);
    const line = `join nginx --context ${SEC} --primary ${PRI} --yes -o json`;
    const onSleep = (): void => {
      actAsAutoMode(stage);
      stage.world.settle();
    };
    const { code, stdout } = await runNlbmc(stage.sandbox, line, { onSleep });
    expect([code, (JSON.parse(stdout) as { result: string }).result]).toEqual([0, 'joined']);
    expect(stage.world.cluster(SEC).kube.list(AUTO, 'default')).toMatchObject([
      { apiVersion: 'eks.amazonaws.com/v1', spec: { multiClusterTargetGroup: true } },
    ]);
    const again = await runNlbmc(stage.sandbox, line, { onSleep });
    expect(JSON.parse(again.stdout)).toMatchObject({ exit: 0, writes: [] });
    const verify = await stage.nlbmc(`verify nginx --context ${PRI},${SEC} -o json`);
    expect(verify.code).toBe(0);
  }));
