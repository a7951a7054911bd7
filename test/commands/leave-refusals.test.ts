import type { ScenarioName } from '../../src/sandbox/scenarios/scenarios.ts';
import { expectGolden } from '../golden/golden.ts';
import { onTlsStage, PRI, type Progress, SEC, type Stage } from '../laws/stage.ts';
import { bindingIn, BINDINGS, person } from './repair-acts.ts';

const LEAVE = `leave nginx --context ${SEC} --primary ${PRI} --yes`;
const GONE = `${LEAVE} --without-controller`;

interface Refusal {
  readonly golden: string;
  readonly line: string;
  readonly code: number;
  readonly arrange?: (stage: Stage) => void;
  readonly before?: Progress;
  readonly scenario?: ScenarioName;
}

const key = 'deployments.apps';
const controller = 'aws-load-balancer-controller';

/** `kubectl scale deployment/aws-load-balancer-controller --replicas=0`. */
function stopController({ world }: Stage): void {
  const body = { spec: { replicas: 0 } };
  const { kube } = world.cluster(SEC);
  kube.patch(key, 'kube-system', controller, { type: 'merge', body }, person);
  world.settle();
}

function unreadRecord({ world }: Stage): void {
  const match = /^GET .*configmaps/;
  world.faults.add({ world: 'kube', cluster: SEC, match, kind: 'status', status: 403 });
}

function secondBinding({ world }: Stage): void {
  const { kube } = world.cluster(SEC);
  const { spec } = bindingIn(world, SEC);
  const made = world.aws.call(
    'elbv2.CreateTargetGroup',
    { Name: 'other', Protocol: 'TCP', Port: 80, VpcId: spec.vpcID, TargetType: 'ip' },
    'person',
  ) as { TargetGroups: { TargetGroupArn: string }[] };
  kube.create(
    BINDINGS,
    {
      apiVersion: 'elbv2.k8s.aws/v1beta1',
      kind: 'TargetGroupBinding',
      metadata: { name: 'other', namespace: 'default' },
      spec: {
        targetGroupARN: made.TargetGroups[0]?.TargetGroupArn,
        serviceRef: { name: 'nginx', port: 80 },
        multiClusterTargetGroup: true,
      },
    },
    person,
  );
  const labels = { 'app.kubernetes.io/managed-by': 'nlbmc' };
  const body = { metadata: { labels } };
  kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
  world.settle();
}

/** Two Services beside nginx are bound to the shared target group; nginx itself is not. */
function otherMembers({ world }: Stage): void {
  const { kube } = world.cluster(SEC);
  const { targetGroupARN } = bindingIn(world, PRI).spec;
  for (const name of ['next', 'web']) {
    const spec = { selector: { app: name }, ports: [{ port: 80 }] };
    kube.create(
      'services',
      { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec },
      person,
    );
    kube.create(
      BINDINGS,
      {
        apiVersion: 'elbv2.k8s.aws/v1beta1',
        kind: 'TargetGroupBinding',
        metadata: { name, namespace: 'default' },
        spec: { targetGroupARN, serviceRef: { name, port: 80 }, multiClusterTargetGroup: true },
      },
      person,
    );
  }
  world.settle();
}

const refusals: Readonly<Record<string, Refusal>> = {
  'two other Services of the cluster are bound, and which one leaves is not said': {
    golden: 'leave-refused-conflict.txt',
    line: LEAVE,
    code: 5,
    before: 'enabled',
    arrange: otherMembers,
  },
  'the primary leaves': {
    golden: 'leave-refused-primary.txt',
    line: `leave nginx --context ${PRI} --yes`,
    code: 5,
  },
  'the controller is down': {
    golden: 'leave-refused-controller-down.txt',
    line: LEAVE,
    code: 5,
    arrange: stopController,
  },
  'a controller runs, and is said to be gone': {
    golden: 'leave-refused-controller-up.txt',
    line: GONE,
    code: 5,
  },
  'webhook configurations stand, and nobody answers them': {
    golden: 'leave-refused-webhooks.txt',
    line: GONE,
    code: 5,
    arrange: stopController,
  },
  'the same of a binding that is being deleted already': {
    golden: 'leave-refused-webhooks-terminating.txt',
    line: GONE,
    code: 5,
    arrange: (stage) => {
      stopController(stage);
      const { name } = bindingIn(stage.world, SEC).metadata;
      stage.world.cluster(SEC).kube.delete(BINDINGS, 'default', name, person);
    },
  },
  'the Service to delete is a person’s': {
    golden: 'leave-refused-service.txt',
    line: `${LEAVE} --delete-service`,
    code: 5,
  },
  'the Service to delete is needed': {
    golden: 'leave-refused-service-in-use.txt',
    line: `${LEAVE} --delete-service`,
    code: 5,
    arrange: secondBinding,
  },
  'several ports, each with its number': {
    golden: 'leave-refused-ports.txt',
    line: `${LEAVE} --min-healthy 4`,
    code: 5,
    scenario: 'multi-port',
  },
  'the primary names no target group': {
    golden: 'leave-refused-bindings-missing.txt',
    line: `${LEAVE} --namespace shop --local-service default/nginx`,
    code: 5,
  },
  'a target group that the Service is not bound to is named': {
    golden: 'leave-refused-still-bound.txt',
    line: `leave nginx --context ${SEC} --yes --target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/k8s-default-nginx-slip/0123456789abcdef`,
    code: 5,
  },
  'primary and secondary have the same name': {
    golden: 'leave-itself.txt',
    line: `leave nginx --context ${SEC} --primary ${SEC} --yes`,
    code: 2,
  },
  'the record of what it tracks cannot be read': {
    golden: 'leave-unknown.txt',
    line: LEAVE,
    code: 8,
    arrange: unreadRecord,
  },
  'no binding is left, and nothing is named': {
    golden: 'leave-unnamed.txt',
    line: `leave nginx --context ${SEC} --yes`,
    code: 2,
    before: 'enabled',
  },
  'nobody is there to ask, and a leave always asks': {
    golden: 'leave-unasked.txt',
    line: `leave nginx --context ${SEC} --primary ${PRI}`,
    code: 2,
  },
};

/** What ends with 2 is told on stderr; of its story only the problem is compared. */
const said = ({ stdout, stderr }: { stdout: string; stderr: string }): string =>
  stdout === '' ? stderr.slice(stderr.indexOf('✗')) : stdout;

test.each(Object.entries(refusals))('%s', (_, { golden, line, code, arrange, before, scenario }) =>
  onTlsStage(
    before ?? 'joined',
    async (stage) => {
      arrange?.(stage);
      const outcome = await stage.nlbmc(line);
      expect(outcome.code).toBe(code);
      expectGolden(golden, said(outcome));
      const writes = stage.requests().filter(({ mutating, dryRun }) => mutating && !dryRun);
      expect(writes).toEqual([]);
    },
    scenario,
  ),
);
