import { parseFault } from '../../src/sandbox/fault-option.ts';

const clusters = ['pri-eks-clu1', 'sec-eks-clu1'];

test.each([
  [
    'aws:DescribeTargetHealth:status=503:times=3',
    { world: 'aws', match: /DescribeTargetHealth/, kind: 'status', status: 503, times: 3 },
  ],
  [
    'aws:Register:status=400:reason=Throttling',
    { world: 'aws', match: /Register/, kind: 'status', status: 400, reason: 'Throttling' },
  ],
  ['kube:GET .*/services:cut', { world: 'kube', match: /GET .*\/services/, kind: 'cut' }],
  [
    'kube/sec-eks-clu1:^PATCH:cut-after:skip=1',
    { world: 'kube', cluster: 'sec-eks-clu1', match: /^PATCH/, kind: 'cut-after', skip: 1 },
  ],
  ['kube:a:b:hang', { world: 'kube', match: /a:b/, kind: 'hang' }],
  [
    'aws:RegisterTargets@lbc/sec-eks-clu1:status=403',
    {
      world: 'aws',
      match: /RegisterTargets/,
      caller: 'lbc/sec-eks-clu1',
      kind: 'status',
      status: 403,
    },
  ],
  [
    'kube:PATCH .*/configmaps/@lbc/pri-eks-clu1:cut:times=2',
    {
      world: 'kube',
      match: /PATCH .*\/configmaps\//,
      caller: 'lbc/pri-eks-clu1',
      kind: 'cut',
      times: 2,
    },
  ],
  ['aws:.:delay=2s', { world: 'aws', match: /./, kind: 'delay', delayMs: 2000 }],
])('reads %s', (text, rule) => {
  expect(parseFault(text, clusters)).toEqual({ text, ...rule });
});

test.each([
  ['', 'must start with aws or kube'],
  ['gcp:x:cut', 'must start with aws or kube'],
  ['aws/pri-eks-clu1:x:cut', 'names pri-eks-clu1'],
  ['kube/blue:x:cut', 'not one of pri-eks-clu1, sec-eks-clu1'],
  ['aws:cut', 'does not name the requests'],
  ['aws:@lbc/sec-eks-clu1:cut', 'does not name the requests'],
  ['aws:Register@lbc/blue:cut', 'not one of pri-eks-clu1, sec-eks-clu1'],
  ['aws:Register@lbc/sec-eks-clu1:hang', "a controller's call takes"],
  ['aws:Register@lbc/sec-eks-clu1:delay=2s', "a controller's call takes"],
  ['kube/pri-eks-clu1:PATCH@lbc/sec-eks-clu1:cut', 'never calls'],
  ['aws:x', 'exactly one of'],
  ['aws:x:cut:hang', 'exactly one of'],
  ['aws:x:cut:cut', 'twice'],
  ['aws:x:status=200', 'from 400 to 599'],
  ['aws:x:status=5xx', 'from 400 to 599'],
  ['aws:x:cut:times=0', 'from 1'],
  ['aws:x:cut:reason=Throttling', 'only status can have one'],
  ['aws:x:delay=2', 'duration'],
  ['aws:(:cut', 'invalid regular expression'],
])('refuses %j', (text, why) => {
  expect(() => parseFault(text, clusters)).toThrow(why);
});
