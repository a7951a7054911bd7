import type { Step } from '../../src/core/plan.ts';
import { undoOf } from '../../src/core/undo.ts';
import { attributesKey, flagKey, service } from './cluster-builder.ts';

const document = { apiVersion: 'v1', kind: 'X', metadata: service };

test.each<[Step, string]>([
  [
    {
      kind: 'annotate-service',
      cluster: 'pri',
      service,
      resourceVersion: '1',
      before: { [flagKey]: undefined, [attributesKey]: 'a=b c' },
      after: { [flagKey]: 'true', [attributesKey]: 'a=b c,deletion_protection.enabled=true' },
    },
    `kubectl --context pri -n default annotate service nginx --overwrite ${flagKey}- '${attributesKey}=a=b c'   # only while no other cluster has joined: it deregisters their targets`,
  ],
  [
    {
      kind: 'annotate-service',
      cluster: 'pri',
      service,
      resourceVersion: '1',
      before: { [flagKey]: 'true', [attributesKey]: undefined },
      after: { [flagKey]: 'true', [attributesKey]: 'deletion_protection.enabled=true' },
    },
    `kubectl --context pri -n default annotate service nginx --overwrite ${attributesKey}-`,
  ],
  [
    { kind: 'create-service', cluster: 'sec', document },
    'kubectl --context sec -n default delete service nginx',
  ],
  [
    { kind: 'apply-binding', cluster: 'sec', document, force: false, changes: [] },
    'kubectl --context sec -n default delete targetgroupbinding nginx',
  ],
  [
    {
      kind: 'apply-binding',
      cluster: 'sec',
      document,
      force: true,
      changes: [{ path: 'spec.multiClusterTargetGroup', before: false, after: true }],
    },
    `kubectl --context sec -n default patch targetgroupbinding nginx --type=merge -p '{"spec":{"multiClusterTargetGroup":false}}'   # only while no other cluster has joined: it deregisters their targets`,
  ],
])('%#', (step, command) => expect(undoOf(step)).toBe(command));
