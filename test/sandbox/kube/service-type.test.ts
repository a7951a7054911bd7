import { startCluster } from '../../../src/sandbox/kube/cluster/start-cluster.ts';
import type { KubeObject } from '../../../src/sandbox/kube/object.ts';
import { StatusError } from '../../../src/sandbox/kube/status-error.ts';
import { Journal } from '../../../src/sandbox/requests/journal.ts';
import { VirtualClock } from '../../../src/sandbox/time/clock.ts';

const BY = { actor: 'test', manager: 'kubectl' };
const NAME = 'lb-1.elb.us-east-1.amazonaws.com';

/** A Service with a load balancer, and a function that changes its spec and gives the answer. */
function balanced() {
  const clock = new VirtualClock();
  const kube = startCluster({ name: 'one', clock, journal: new Journal(clock) });
  const metadata = { name: 'nginx', namespace: 'default' };
  const ports = [{ port: 80, targetPort: 80, protocol: 'TCP' }];
  const spec = { type: 'LoadBalancer', loadBalancerClass: 'service.k8s.aws/nlb', ports };
  kube.create('services', { apiVersion: 'v1', kind: 'Service', metadata, spec }, BY);
  const patch = (body: object, subresource?: 'status'): KubeObject =>
    kube.patch('services', 'default', 'nginx', { type: 'merge', body }, BY, subresource);
  patch({ status: { loadBalancer: { ingress: [{ hostname: NAME }] } } }, 'status');
  return (change: object, status = false): KubeObject | string => {
    try {
      return status ? patch({ status: change }, 'status') : patch({ spec: change });
    } catch (error) {
      if (error instanceof StatusError) return error.message;
      throw error;
    }
  };
}

const portOf = (service: KubeObject | string): number | undefined =>
  typeof service === 'string' ? undefined : service['spec'].ports[0].nodePort;

test('with the type LoadBalancer go class, status and what is said of its node ports; these stay', () => {
  const change = balanced();
  const before = portOf(change({}));
  const after = change({ type: 'NodePort' }) as KubeObject;
  expect(after['spec'].loadBalancerClass).toBeUndefined();
  expect(after['spec'].allocateLoadBalancerNodePorts).toBeUndefined();
  expect(after['status']).toEqual({ loadBalancer: {} });
  expect(portOf(after)).toBe(before);
  expect(portOf(change({ type: 'LoadBalancer' }))).toBe(before);
});

test('the status is accepted again as soon as the type is, and before that it is refused', () => {
  const change = balanced();
  const status = { loadBalancer: { ingress: [{ hostname: NAME }] } };
  change({ type: 'NodePort' });
  expect(change(status, true)).toMatch(/may only be used when `spec.type` is 'LoadBalancer'/);
  change({ type: 'LoadBalancer', loadBalancerClass: 'example.com/none' });
  expect((change(status, true) as KubeObject)['status'].loadBalancer.ingress[0].hostname).toBe(
    NAME,
  );
});

test('a node port is lost with ClusterIP, and another one comes', () => {
  const change = balanced();
  const before = portOf(change({}));
  expect(portOf(change({ type: 'ClusterIP' }))).toBeUndefined();
  const after = portOf(change({ type: 'LoadBalancer' }));
  expect(after).toBeGreaterThan(30_000);
  expect(after).not.toBe(before);
});

test.each(['example.com/other', null])(
  'the class does not become %s while the type stays',
  (name) => {
    expect(balanced()({ loadBalancerClass: name })).toMatch(/may not change once set/);
  },
);

test('another type accepts no class, and with the type LoadBalancer a new one may be set', () => {
  const change = balanced();
  expect(change({ type: 'NodePort', loadBalancerClass: 'example.com/other' })).toMatch(
    /may only be used when `type` is 'LoadBalancer'/,
  );
  change({ type: 'NodePort' });
  const after = change({ type: 'LoadBalancer', loadBalancerClass: 'example.com/other' });
  expect((after as KubeObject)['spec'].loadBalancerClass).toBe('example.com/other');
});
