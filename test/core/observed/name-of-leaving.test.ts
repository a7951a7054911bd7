import { releasedClass } from '../../../src/core/model/handover.ts';
import { known } from '../../../src/core/model/problem.ts';
import { isMemberElsewhere, nameOfLeaving } from '../../../src/core/observed/name-of-leaving.ts';
import { arnOf, type ClusterBuilder, service, serviceWith } from '../cluster-builder.ts';
import { secondary } from '../world.ts';

const localService = { namespace: 'default', name: 'web' };
const names = { service, localService };

/** A cluster that has these Services, and these bindings as `SERVICE PORT`: on the target group of the port. */
function having(services: readonly string[], ...bound: readonly string[]): ClusterBuilder {
  const read = ['nginx', 'web'].map(
    (name) =>
      [
        `default/${name}`,
        known(services.includes(name) ? serviceWith({ name }) : undefined),
      ] as const,
  );
  return bound.reduce(
    (cluster, one) => {
      const [serviceName = '', port] = one.split(' ');
      return cluster.binding({ name: one, serviceName, targetGroupArn: arnOf(Number(port)) });
    },
    secondary('old').with({ services: Object.fromEntries(read) }),
  );
}

/** A former owner with both Services. */
const released = (...bound: readonly string[]): ClusterBuilder => {
  const cluster = having(['nginx', 'web'], ...bound);
  const nginx = known(serviceWith({ type: 'LoadBalancer', loadBalancerClass: releasedClass }));
  return cluster.with({ services: { ...cluster.view.services, 'default/nginx': nginx } });
};

const fresh = having(['web'], 'web 80').view;
const both = ['nginx', 'web'];

test.each([
  ['a former owner: by the name that it had', having(both, 'nginx 80'), 'nginx'],
  ['a former owner with a second Service beside it', having(both, 'nginx 80', 'web 80'), 'nginx'],
  ['the same when it has left, and the second Service stays', released('web 80'), 'nginx'],
  ['one that joined by the local name', having(both, 'web 80'), 'web'],
  ['so does one with a load balancer of its own', having(both, 'nginx 81', 'web 80'), 'web'],
  ['one that the new one has not joined yet', having(['nginx'], 'nginx 81'), 'nginx'],
  ['one that has left: the Service that is there', having(['nginx']), 'nginx'],
  ['the same by the local name', having(['web']), 'web'],
  ['one that has left and has both', having(both), 'web'],
])('which Service a cluster leaves with: %s', (_, { view }, name) => {
  expect(nameOfLeaving(view, fresh, names)).toEqual({ namespace: 'default', name });
});

test.each([
  ['on another load balancer than its own', having(both, 'nginx 81', 'web 80'), true],
  ['on its own one, as a second Service', having(both, 'nginx 80', 'web 80'), false],
  ['by no local name', having(both, 'nginx 80'), false],
])('a member %s', (_, { view }, elsewhere) => {
  expect(isMemberElsewhere(view, names)).toBe(elsewhere);
});
