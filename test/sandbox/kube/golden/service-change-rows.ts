import type { Row } from './exchange.ts';
import {
  apply,
  balanced,
  changed,
  get,
  made,
  mergePatch,
  post,
  put,
  row,
  service,
  status,
} from './requests.ts';

const LOCAL = { externalTrafficPolicy: 'Local' };
const INGRESS = { status: { loadBalancer: { ingress: [{ hostname: 'lb.example.com' }] } } };
const families: readonly Row[] = [
  made('IPv6 family', service({ ipFamilies: ['IPv6'] })),
  made('unknown family', service({ ipFamilies: ['IPv5'] })),
  made('one family twice', service({ ipFamilies: ['IPv4', 'IPv4'] })),
  made('two families', service({ ipFamilies: ['IPv4', 'IPv6'] })),
  made('prefer dual', service({ ipFamilyPolicy: 'PreferDualStack' })),
  made('require dual', service({ ipFamilyPolicy: 'RequireDualStack' })),
  made('unknown policy', service({ ipFamilyPolicy: 'Dual' })),
  made('bad address', service({ clusterIP: '172.20.9' })),
  made('address out of range', service({ clusterIP: '10.9.9.9' })),
  made('IPv6 address', service({ clusterIP: 'fd00::1' })),
  made(
    'two addresses',
    service({ clusterIP: '172.20.9.1', clusterIPs: ['172.20.9.1', '172.20.9.2'] }),
  ),
  made('addresses that differ', service({ clusterIP: '172.20.9.3', clusterIPs: ['172.20.9.4'] })),
  made('addresses without the first', service({ clusterIPs: ['172.20.9.5'] })),
  made('None and an address', service({ clusterIP: 'None', clusterIPs: ['None', '172.20.9.6'] })),
  made('own address', service({ clusterIP: '172.20.9.7' })),
  made('address of another family', service({ clusterIP: '172.20.9.8', ipFamilies: ['IPv6'] })),
];

const changes: readonly Row[] = [
  changed('ends being a load balancer', balanced(LOCAL), { spec: { type: 'ClusterIP' } }),
  row(
    'its status goes with the type',
    post(balanced()),
    status(balanced(), INGRESS),
    mergePatch(balanced(), { spec: { type: 'NodePort' } }),
  ),
  row('the status of another type is refused', post(service()), status(service(), INGRESS)),
  row('status', post(balanced()), status(balanced(), INGRESS)),
  row(
    'status with an address',
    post(balanced()),
    status(balanced(), { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } }),
  ),
  row(
    'status with a bad address',
    post(balanced()),
    status(balanced(), {
      status: {
        loadBalancer: {
          ingress: [{ ip: '192.0.2' }, { hostname: 'A_b' }, { hostname: '1.2.3.4', ipMode: 'VIP' }],
        },
      },
    }),
  ),
  row(
    'status with a bad mode',
    post(balanced()),
    status(balanced(), {
      status: { loadBalancer: { ingress: [{ ip: '192.0.2.1', ipMode: 'Vip' }] } },
    }),
  ),
  row(
    'status and metadata',
    post(balanced()),
    status(balanced(), {
      metadata: { labels: { a: 'b' }, annotations: { c: 'd' } },
      spec: { type: 'ClusterIP' },
      ...INGRESS,
    }),
  ),
  changed('becomes a load balancer', service(), { spec: { type: 'LoadBalancer' } }),
  changed('becomes an external name', service(), {
    spec: { type: 'ExternalName', externalName: 'a.example.com' },
  }),
  changed(
    'was an external name',
    service({ type: 'ExternalName', externalName: 'a.example.com', ports: [{ port: 80 }] }),
    { spec: { type: 'ClusterIP', externalName: null } },
  ),
  changed('type and policy at once', balanced(LOCAL), {
    spec: { type: 'ClusterIP', externalTrafficPolicy: 'Cluster' },
  }),
  changed('source ranges stay behind', balanced({ loadBalancerSourceRanges: ['10.0.0.0/8'] }), {
    spec: { type: 'ClusterIP' },
  }),
  changed('class changes', balanced({ loadBalancerClass: 'a.example/x' }), {
    spec: { loadBalancerClass: 'a.example/y' },
  }),
  changed('class goes', balanced({ loadBalancerClass: 'a.example/x' }), {
    spec: { loadBalancerClass: null },
  }),
  changed('class comes', balanced(), { spec: { loadBalancerClass: 'a.example/x' } }),
  changed('class goes with the type', balanced({ loadBalancerClass: 'a.example/x' }), {
    spec: { type: 'NodePort' },
  }),
  changed('address changes', service(), { spec: { clusterIP: '172.20.9.10' } }),
  changed('both addresses change', service(), {
    spec: { clusterIP: '172.20.9.11', clusterIPs: ['172.20.9.11'] },
  }),
  changed('address goes', service(), { spec: { clusterIP: null, clusterIPs: null } }),
  changed('becomes headless', service(), { spec: { clusterIP: 'None', clusterIPs: ['None'] } }),
  changed('families change', service(), { spec: { ipFamilies: ['IPv6'] } }),
  changed('wants two families', service(), { spec: { ipFamilyPolicy: 'RequireDualStack' } }),
  changed('health port changes', balanced(LOCAL), { spec: { healthCheckNodePort: 31006 } }),
  changed('ends being local', balanced(LOCAL), { spec: { externalTrafficPolicy: 'Cluster' } }),
  changed('loses its ports', service(), { spec: { ports: [] } }),
  changed('loses its selector', service({ selector: { app: 'a' } }), { spec: { selector: null } }),
  changed('empty policy', balanced(), { spec: { externalTrafficPolicy: '' } }),
  row('put keeps what was allocated', post(balanced(LOCAL)), put(balanced(LOCAL))),
  row('put makes it', put(service())),
  row(
    'a second manager applies the policy of families',
    apply(service()),
    apply(service({ ports: undefined, ipFamilyPolicy: 'SingleStack' }), 'n'),
  ),
  row('read back', post(balanced({ loadBalancerIP: '192.0.2.1' })), get(balanced())),
];

/** Services: families and addresses, changes, status. */
export const serviceChangeRows = [...changes, ...families].map(({ name, steps }) => ({
  name: `service: ${name}`,
  steps,
}));
