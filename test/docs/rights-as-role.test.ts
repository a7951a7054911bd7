import { ENABLE, JOIN, onStage, PRI, type Progress, SEC, VERIFY } from '../laws/stage.ts';
import { giveRole } from '../sandbox/kube/roles.ts';
import { rulesOf } from './rights-rules.ts';

const TEAM = 'app-team';

const ALL = ['needed', 'sometimes', 'improves'];
const LEAVE = 'Kubernetes, to leave';
const SHARING = 'Kubernetes, to end sharing';

interface Case {
  readonly line: string;
  readonly before: Progress;
  readonly heading?: string;
  /** Cluster -> column of the table. */
  readonly columns: Readonly<Record<string, number>>;
}

const cases: readonly Case[] = [
  { line: `${ENABLE} --yes`, before: 'deployed', columns: { [PRI]: 0 } },
  { line: `${JOIN} --yes`, before: 'enabled', columns: { [PRI]: 1, [SEC]: 2 } },
  { line: VERIFY, before: 'joined', columns: { [PRI]: 3, [SEC]: 3 } },
  { line: `show nginx --context ${PRI},${SEC}`, before: 'joined', columns: { [PRI]: 4, [SEC]: 4 } },
  {
    line: `leave nginx --context ${SEC} --primary ${PRI} --yes`,
    before: 'joined',
    heading: LEAVE,
    columns: { [PRI]: 0, [SEC]: 1 },
  },
  {
    line: `disable nginx --context ${PRI} --yes --accept unlisted-members`,
    before: 'enabled',
    heading: SHARING,
    columns: { [PRI]: 0 },
  },
];

describe('a user with the rights of docs/rights.md alone', () => {
  test.each(cases)('$line', ({ line, before, heading = 'Kubernetes', columns }) =>
    onStage(before, async ({ world, nlbmc, requests }) => {
      for (const [cluster, column] of Object.entries(columns))
        giveRole(world.cluster(cluster).kube, TEAM, '', rulesOf(heading, column, ALL));
      const { code } = await nlbmc(`${line} --as ${TEAM}`);
      // Rights are checked before the kind: 403 also comes for one that the cluster does not serve.
      const refused = requests().filter(
        ({ status, path }) => status === 403 && !path?.startsWith('/apis/eks.amazonaws.com/'),
      );
      expect({ code, refused: refused.map(({ verb, path }) => `${verb} ${path}`) }).toEqual({
        code: 0,
        refused: [],
      });
    }),
  );

  test.each(cases)(
    'with what is needed and nothing more: $line',
    ({ line, before, heading = 'Kubernetes', columns }) =>
      onStage(before, async ({ world, nlbmc }) => {
        for (const [cluster, column] of Object.entries(columns))
          giveRole(world.cluster(cluster).kube, TEAM, '', rulesOf(heading, column, ['needed']));
        expect((await nlbmc(`${line} --as ${TEAM}`)).code).toBe(0);
      }),
  );

  test('without one of them, the command is refused and says which', () =>
    onStage('deployed', async ({ world, nlbmc }) => {
      const rules = rulesOf('Kubernetes', 0, ALL);
      const fewer = rules.filter(
        ({ verbs, resources }) => !(verbs[0] === 'patch' && resources?.[0] === 'services'),
      );
      giveRole(world.cluster(PRI).kube, TEAM, '', fewer);
      const { code, stdout, stderr } = await nlbmc(`${ENABLE} --yes --as ${TEAM}`);
      expect(code).toBe(5);
      expect(stdout + stderr).toContain('patch services');
    }));
});
