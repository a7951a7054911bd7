import { problemOf as awsProblem } from '../../src/aws/problem.ts';
import type { Failure, Subject } from '../../src/kube/failure.ts';
import { problemOf as kubeProblem } from '../../src/kube/problem.ts';
import type { Situations } from './situations.ts';

const subject: Subject = { verb: 'get', resource: 'services', namespace: 'default', name: 'nginx' };

const kube =
  (failure: Failure, about: Subject = subject) =>
  () => [
    kubeProblem(failure, about, {
      context: 'pri',
      server: 'https://pri.example',
      requestTimeoutMs: 60_000,
    }),
  ];

const status = (code: number, message: string, body: Readonly<Record<string, unknown>> = {}) =>
  ({ kind: 'status', status: code, body: { message, ...body }, text: message }) as Failure;

export const whileAskingKubernetes: Situations = {
  'no answer': kube({ kind: 'timeout' }),
  'no connection': kube({ kind: 'connection', code: 'ECONNREFUSED', message: 'refused' }),
  'no JSON': kube({ kind: 'malformed', text: '<html>' }),
  'an expired token': kube(status(401, 'Unauthorized')),
  'a missing right': kube(status(403, 'forbidden')),
  'a missing object': kube(status(404, 'not found', { details: { name: 'nginx' } })),
  'a missing kind': kube(status(404, 'the server could not find the requested resource'), {
    ...subject,
    resource: 'targetgroupbindings',
    group: 'elbv2.k8s.aws',
  }),
  'an object that has changed': kube(
    status(409, 'the object has been modified', { reason: 'Conflict' }),
    {
      ...subject,
      verb: 'patch',
    },
  ),
  'too many requests': kube(status(429, 'too many requests')),
  'an internal error': kube(status(500, 'internal error')),
  'an invalid object': kube(status(422, 'spec.ports: invalid')),
  'a webhook that does not answer': kube(
    status(500, 'failed calling webhook "v.elbv2.k8s.aws": dial tcp: connection refused'),
  ),
  'a webhook that says no': kube(
    status(403, 'admission webhook "v.elbv2.k8s.aws" denied the request: no such target group'),
  ),
};

const aws = (name: string, httpStatusCode?: number, code?: string) => () => [
  awsProblem(
    {
      kind: 'error',
      error: {
        name,
        message: 'AWS says no',
        ...(code === undefined ? {} : { code }),
        $metadata: httpStatusCode === undefined ? {} : { httpStatusCode },
      },
    },
    {
      service: 'elbv2',
      action: 'DescribeTargetHealth',
      region: 'us-east-1',
      profile: undefined,
      requestTimeoutMs: 60_000,
    },
  ),
];

export const whileAskingAws: Situations = {
  'no connection': aws('Error', undefined, 'ECONNREFUSED'),
  'no credentials': aws('CredentialsProviderError'),
  'an expired token': aws('ExpiredToken', 403),
  'a missing right': aws('AccessDenied', 403),
  'too many calls': aws('Throttling', 400),
  'a missing target group': aws('TargetGroupNotFound', 400),
  'an error without a name of its own': aws('ValidationError', 400),
  'an answer that is none': aws('SyntaxError', 200),
};
