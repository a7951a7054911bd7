import { load } from 'js-yaml';
import { fullSize } from '../full-size.ts';
import {
  ENABLE,
  JOIN,
  onStage,
  onStages,
  PRI,
  type Progress,
  SEC,
  type Stage,
  VERIFY,
} from './stage.ts';

const HANDOVER = `handover nginx --old ${PRI} --new ${SEC} --yes`;
const REPLACE = `replace nginx --old ${PRI} --new ${SEC} --no-record --yes`;
const PENDING = '--dry-run --detailed-exitcode';

const formats = ['table', 'json', 'yaml'] as const;

/** How each exit code comes about: what is there, what is done to it, what is typed. */
const ways: readonly {
  readonly exit: number;
  readonly way: string;
  readonly before: Progress;
  readonly line: string;
  readonly arrange?: (stage: Stage) => void;
}[] = [
  { exit: 0, way: 'verify of what is joined', before: 'joined', line: VERIFY },
  { exit: 0, way: 'enable again', before: 'enabled', line: ENABLE },
  {
    exit: 2,
    way: 'a context that is not there',
    before: 'deployed',
    line: 'verify nginx --context typo',
  },
  { exit: 2, way: 'a flag that is not there', before: 'deployed', line: 'verify nginx --typo' },
  {
    exit: 2,
    way: 'a question that cannot be asked',
    before: 'deployed',
    line: ENABLE,
    arrange: ({ world }) => {
      const [group] = (
        world.aws.call('elbv2.DescribeTargetGroups', {}, 'test') as {
          TargetGroups: { TargetGroupArn: string }[];
        }
      ).TargetGroups;
      const Targets = [{ Id: '10.0.65.200', Port: 80 }];
      world.aws.call(
        'elbv2.RegisterTargets',
        { TargetGroupArn: group?.TargetGroupArn, Targets },
        'person',
      );
    },
  },
  { exit: 3, way: 'verify before join', before: 'enabled', line: VERIFY },
  {
    exit: 4,
    way: 'changes pending',
    before: 'deployed',
    line: `${ENABLE} --dry-run --detailed-exitcode`,
  },
  { exit: 5, way: 'join before enable', before: 'deployed', line: JOIN },
  {
    exit: 6,
    way: 'a controller that no longer reconciles',
    before: 'enabled',
    line: `${JOIN} --timeout 90s`,
    arrange: ({ world }) => world.cluster('sec-eks-clu1').lbc.pause(),
  },
  {
    exit: 7,
    way: 'the second of two writes refused',
    before: 'enabled',
    line: `${JOIN} --create-service`,
    arrange: ({ world }) => {
      const { kube } = world.cluster('sec-eks-clu1');
      kube.delete('services', 'default', 'nginx', {
        actor: 'person',
        manager: 'kubectl',
        internal: true,
      });
      world.faults.add({
        world: 'kube',
        match: /^PATCH .*targetgroupbindings(?!.*dryRun)/,
        kind: 'status',
        status: 500,
      });
    },
  },
  {
    exit: 8,
    way: 'AWS that cannot be read',
    before: 'joined',
    line: VERIFY,
    arrange: ({ world }) =>
      void world.faults.add({
        world: 'aws',
        match: /DescribeTargetHealth/,
        kind: 'status',
        status: 403,
      }),
  },
];

const handovers: typeof ways = [
  { exit: 0, way: 'a handover that stops', before: 'joined', line: `${HANDOVER} --until release` },
  { exit: 4, way: 'a handover pending', before: 'joined', line: `${HANDOVER} ${PENDING}` },
  { exit: 4, way: 'a replace of the owner', before: 'joined', line: `${REPLACE} ${PENDING}` },
  { exit: 5, way: 'a handover of what is not shared', before: 'deployed', line: HANDOVER },
  {
    exit: 8,
    way: 'a handover whose tags cannot be read',
    before: 'joined',
    line: HANDOVER,
    arrange: ({ world }) => world.aws.access.deny({ action: /DescribeTags/ }),
  },
];

const parsers: Record<string, (text: string) => unknown> = {
  json: (text) => JSON.parse(text),
  yaml: (text) => load(text),
};

describe('law 6: one verdict, whatever the format', () => {
  // Outside CI some of the handovers.
  test.each([...ways, ...handovers.filter((_, n) => fullSize || n % 2 === 0)])(
    'exit $exit: $way',
    async ({ exit, before, line, arrange }) => {
      const answers = async ({ nlbmc }: Stage, format: (typeof formats)[number]) => {
        const { code, stdout } = await nlbmc(`${line} -o ${format}`);
        expect({ format, code }).toEqual({ format, code: exit });
        const parse = parsers[format];
        if (parse) expect(parse(stdout)).toMatchObject({ apiVersion: 'nlbmc/v1', exit });
      };
      await onStages({ before }, formats, answers, arrange);
    },
  );

  test('green is never vacuous: without endpoints join says so, and verify is not green', () =>
    onStage('enabled', async ({ nlbmc, world }) => {
      const { kube } = world.cluster('sec-eks-clu1');
      kube.patch(
        'deployments.apps',
        'default',
        'nginx',
        { type: 'merge', body: { spec: { replicas: 0 } } },
        { actor: 'person', manager: 'kubectl-patch', internal: true },
      );
      world.settle();
      const joined = await nlbmc(`${JOIN} --yes`);
      expect(joined.code).toBe(0);
      expect(joined.stdout).toContain('joined without capacity');
      expect((await nlbmc(VERIFY)).code).toBe(3);
    }));
});
