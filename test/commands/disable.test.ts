import type { Report } from '../../src/core/plan/report.ts';
import type { World } from '../../src/sandbox/world.ts';
import { expectGolden } from '../golden/golden.ts';
import { ofGroups } from '../laws/answers.ts';
import { ENABLE, onTlsStage, PRI, SEC, type Stage } from '../laws/stage.ts';
import {
  addresses,
  arnOf,
  bindingIn,
  BINDINGS,
  person,
  recordMore,
  register,
  serving,
  hideOwners,
} from './repair-acts.ts';

const DISABLE = `disable nginx --context ${PRI} --yes --accept unlisted-members`;
const ATTRIBUTES = 'service.beta.kubernetes.io/aws-load-balancer-attributes';
const FLAG = 'service.beta.kubernetes.io/aws-load-balancer-multi-cluster-target-group';

const reportOf = ({ stdout }: { readonly stdout: string }): Report => JSON.parse(stdout) as Report;
const annotations = ({ world }: Stage) =>
  world.primary.kube.get('services', 'default', 'nginx')?.metadata.annotations ?? {};
const written = ({ requests }: Stage) =>
  requests().filter(({ mutating, dryRun }) => mutating && !dryRun);

/** Annotates the primary's Service as a person with kubectl would. */
function annotate(world: World, notes: Readonly<Record<string, string>>): void {
  const body = { metadata: { annotations: notes } };
  world.primary.kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
}

describe('refused', () => {
  test('first of all: a cluster that has joined and was not listed is named by its tag', () =>
    onTlsStage('joined', async (stage) => {
      const { code, stdout } = await stage.nlbmc(DISABLE);
      expect(code).toBe(5);
      expect(stdout).toContain(SEC);
      expectGolden('disable-foreign.txt', stdout);
      expect(written(stage)).toEqual([]);
    }));

  test('a cluster that has joined and was listed is named by its binding', () =>
    onTlsStage('joined', async (stage) => {
      const { code, stdout } = await stage.nlbmc(`disable nginx --context ${PRI},${SEC} --yes`);
      expect(code).toBe(5);
      expectGolden('disable-enrolled.txt', stdout);
      expect(written(stage)).toEqual([]);
    }));

  test('a target that nobody claims, also while it is unhealthy', () =>
    onTlsStage('enabled', async (stage) => {
      register(stage.world, ['10.0.65.200']);
      stage.world.clock.advance(120_000);
      const { code, stdout } = await stage.nlbmc(`${DISABLE} --allow-deletion`);
      expect(code).toBe(5);
      expectGolden('disable-unclaimed.txt', stdout);
      expect(written(stage)).toEqual([]);
    }));

  /** Refused by what the Service and its controller are like, whoever else is there. */
  const states: readonly (readonly [string, string, (stage: Stage) => void])[] = [
    ['controller-missing', '', ({ world }) => world.primary.lbc.stop()],
    ['attributes-malformed', '', ({ world }) => annotate(world, { [ATTRIBUTES]: 'a=b,' })],
    [
      'bindings-missing',
      '',
      ({ world }) => {
        const { name } = bindingIn(world, PRI).metadata;
        world.primary.kube.delete(BINDINGS, 'default', name, person);
        world.settle();
      },
    ],
    [
      'protocol-unsupported',
      '',
      ({ world }) => {
        const body = { spec: { ports: [{ name: 'http', port: 80, protocol: 'SCTP' }] } };
        world.primary.lbc.pause();
        world.primary.kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
      },
    ],
    [
      'type-unsupported',
      '',
      (stage) => void ofGroups((one) => (one['TargetType'] = 'mainframe'))(stage),
    ],
    [
      'service-terminating',
      '--exclusive',
      ({ world }) => world.primary.kube.delete('services', 'default', 'nginx', person),
    ],
  ];
  test.each(states)('%s', (problem, words, arrange) =>
    onTlsStage('enabled', async (stage) => {
      arrange(stage);
      const { code, stdout } = await stage.nlbmc(`${DISABLE} ${words}`);
      expect(code).toBe(5);
      expect(stdout).toContain(`(${problem})`);
      expectGolden(`disable-${problem}.txt`, stdout);
      expect(written(stage)).toEqual([]);
    }),
  );

  /** Unknown is not alone: what would tell who else is there could not be read. */
  const silences: readonly (readonly [string, (stage: Stage) => void])[] = [
    [
      'unproven',
      ({ world }) => {
        // Of a target that only a record gives to the primary, EC2 does not say whose it is.
        const [foreign = ''] = addresses(world, SEC);
        register(world, [foreign]);
        recordMore(world, PRI, [foreign]);
        hideOwners(world);
      },
    ],
    [
      'narrow-sight',
      ({ world }) => {
        const match = /^GET \/apis\/elbv2.k8s.aws\/v1beta1\/targetgroupbindings/;
        world.faults.add({ world: 'kube', cluster: PRI, match, kind: 'status', status: 403 });
      },
    ],
    [
      'unread',
      ({ world }) => {
        const match = /^GET .*configmaps/;
        world.faults.add({ world: 'kube', cluster: PRI, match, kind: 'status', status: 500 });
      },
    ],
  ];
  test.each(silences)('unknown: %s', (name, arrange) =>
    onTlsStage('enabled', async (stage) => {
      arrange(stage);
      const before = serving(stage.world);
      const { code, stdout } = await stage.nlbmc(DISABLE);
      expect(code).toBe(8);
      expectGolden(`disable-${name}.txt`, stdout);
      expect(written(stage)).toEqual([]);
      expect(serving(stage.world)).toEqual(before);
    }),
  );

  test('a Service that is not there, or that no controller serves', () =>
    onTlsStage('enabled', async (stage) => {
      const missing = await stage.nlbmc('disable nginy --context pri-eks-clu1 --yes');
      expect(missing.code).toBe(5);
      expectGolden('disable-service-missing.txt', missing.stdout);
      const plain = await stage.nlbmc(`disable nginx --context ${SEC} --yes`);
      expect(plain.code).toBe(5);
      expectGolden('disable-service-not-lbc.txt', plain.stdout);
    }));
});

describe('alone again', () => {
  test('both annotations say no, AWS has protection off, and the answer tells what stays', () =>
    onTlsStage('enabled', async (stage) => {
      const { code, stdout } = await stage.nlbmc(DISABLE);
      expect(code).toBe(0);
      expectGolden('disable.txt', stdout);
      expect(annotations(stage)).toMatchObject({
        [FLAG]: 'false',
        [ATTRIBUTES]: 'deletion_protection.enabled=false',
      });
      const maps = stage.world.primary.kube
        .list('configmaps', 'default')
        .filter(({ metadata }) => metadata.name.startsWith('aws-lbc-targets-'));
      expect(maps).toHaveLength(1);
      expect(serving(stage.world)).toEqual(addresses(stage.world, PRI));
    }));

  test('--allow-deletion edits its one item and nothing else', () =>
    onTlsStage('enabled', async (stage) => {
      const text = 'load_balancing.cross_zone.enabled=true , deletion_protection.enabled=true';
      annotate(stage.world, { [ATTRIBUTES]: text });
      stage.world.settle();
      const before = annotations(stage);
      expect((await stage.nlbmc(`${DISABLE} --allow-deletion`)).code).toBe(0);
      expect(annotations(stage)).toEqual({
        ...before,
        [ATTRIBUTES]: 'load_balancing.cross_zone.enabled=true ,deletion_protection.enabled=false',
      });
    }));

  test('--exclusive leaves deletion protection, and enabling again works as the answer said', () =>
    onTlsStage('enabled', async (stage) => {
      expect((await stage.nlbmc(`${DISABLE} --exclusive`)).code).toBe(0);
      expect(annotations(stage)).toMatchObject({
        [FLAG]: 'false',
        [ATTRIBUTES]: 'deletion_protection.enabled=true',
      });
      expect((await stage.nlbmc(ENABLE)).code).toBe(0);
    }));

  test('it asks always: without a terminal and without --yes only reads were sent', () =>
    onTlsStage('enabled', async (stage) => {
      const { code, stderr } = await stage.nlbmc(`disable nginx --context ${PRI}`);
      expect(code).toBe(2);
      expect(stderr).toContain('deletion-allowed');
      expect(written(stage)).toEqual([]);
    }));

  test('a Service that hangs in deletion goes', () =>
    onTlsStage('enabled', async (stage) => {
      const { kube } = stage.world.primary;
      kube.delete('services', 'default', 'nginx', person);
      stage.world.settle();
      expect(kube.get('services', 'default', 'nginx')).toBeDefined();
      const { code, stdout } = await stage.nlbmc(`${DISABLE} --allow-deletion -o json`);
      expect([code, reportOf({ stdout }).message]).toEqual([
        0,
        `Service default/nginx of ${PRI} is deleted, with its load balancer.`,
      ]);
      expect(kube.get('services', 'default', 'nginx')).toBeUndefined();
      expect(arnOf(stage.world)).toBe('');
    }));
});

test('somebody who joins while the question stands is not cut off', () =>
  onTlsStage('enabled', async (stage) => {
    const { world } = stage;
    const { sandbox } = stage;
    const { runNlbmc } = await import('./harness.ts');
    const outcome = await runNlbmc(sandbox, `disable nginx --context ${PRI} --exclusive`, {
      terminal: true,
      answers: ['yes'],
      onQuestion: () => {
        register(world, addresses(world, SEC));
      },
    });
    expect(outcome.code).toBe(5);
    expect(outcome.stdout).toContain('targets-of-others');
    expect(annotations(stage)).toMatchObject({ [FLAG]: 'true' });
  }));
