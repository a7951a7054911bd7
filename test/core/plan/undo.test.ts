import { hintText } from '../../../src/output/hint-text.ts';
import type { WriteStep } from '../../../src/core/plan/plan.ts';
import { undoOf } from '../../../src/core/plan/undo.ts';
import { arnOf, attributesKey, flagKey, service } from '../cluster-builder.ts';

const document = { apiVersion: 'v1', kind: 'X', metadata: service };

test.each<[WriteStep, string]>([
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
    'kubectl --context sec -n default delete targetgroupbinding.elbv2.k8s.aws nginx',
  ],
  [
    {
      kind: 'apply-binding',
      cluster: 'sec',
      document,
      force: true,
      changes: [{ path: 'spec.multiClusterTargetGroup', before: false, after: true }],
    },
    `kubectl --context sec -n default patch targetgroupbinding.elbv2.k8s.aws nginx --type=merge -p '{"spec":{"multiClusterTargetGroup":false}}'   # only while no other cluster has joined: it deregisters their targets`,
  ],
  [
    {
      kind: 'deregister-targets',
      targetGroupArn: arnOf(80),
      targets: [{ id: '10.0.2.1', port: 80 }],
    },
    `aws elbv2 register-targets --target-group-arn ${arnOf(80)} --targets Id=10.0.2.1,Port=80 --region us-east-1`,
  ],
])('%#', (step, command) => expect(hintText(undoOf(step), {}).text).toBe(command));
