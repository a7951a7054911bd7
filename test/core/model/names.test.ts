import { parseArn } from '../../../src/core/model/arn.ts';
import { bindingName, possibleBindingNames } from '../../../src/core/model/names.ts';
import { arnOf } from '../cluster-builder.ts';

const arn = arnOf(80);
const long = 'a'.repeat(63);

test.each([
  ['nginx', 1, [], 'nginx'],
  ['nginx', 2, [], 'nginx-80'],
  ['nginx', 1, ['nginx'], 'nginx-ab0080'],
  ['nginx', 2, ['nginx-80'], 'nginx-80-ab0080'],
  ['nginx', 1, ['nginx', 'nginx-ab0080'], undefined],
  [long, 1, [], long],
  [long, 2, [], `${'a'.repeat(53)}-80-ab0080`],
])('%s with %d ports, %j taken: %s', (service, ports, taken, name) => {
  const found = bindingName({ service, port: 80, ports, arn, taken: (n) => taken.includes(n) });
  expect(found).toBe(name);
  expect(found?.length ?? 0).toBeLessThanOrEqual(63);
});

test('both names whose ConfigMaps matter are known before it is known which is taken', () =>
  expect(possibleBindingNames({ twice: false, service: 'nginx', port: 80, ports: 1, arn })).toEqual(
    ['nginx', 'nginx-ab0080'],
  ));

test('an ARN is taken apart, and anything else is none', () => {
  expect(parseArn(arn)).toEqual({
    partition: 'aws',
    region: 'us-east-1',
    account: '123456789012',
    kind: 'target-group',
    name: 'k8s-default-nginx-80',
    id: '0123456789ab0080',
  });
  expect(
    parseArn('arn:aws-cn:elasticloadbalancing:cn-north-1:123456789012:loadbalancer/net/x/ab'),
  ).toMatchObject({ kind: 'load-balancer', region: 'cn-north-1', name: 'x' });
  for (const none of ['', 'arn:aws:s3:::x', `${arn}/x`, arn.replace('123456789012', '1')])
    expect(parseArn(none)).toBeUndefined();
});
