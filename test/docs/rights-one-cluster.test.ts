import { loadAll } from 'js-yaml';
import type { PolicyRule } from '../../src/sandbox/kube/cluster/rbac.ts';
import { runNlbmc } from '../commands/harness.ts';
import { onStage, PRI, SEC, type Stage } from '../laws/stage.ts';
import { giveRole } from '../sandbox/kube/roles.ts';
import { readPage } from './pages.ts';
import { rulesOf } from './rights-rules.ts';

const TEAM = 'app-team';

interface RoleDocument {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string };
  readonly rules: readonly PolicyRule[];
}

/** The roles for the owner's cluster that docs/rights.md has in full. */
function rolesOfPage(): readonly RoleDocument[] {
  const section = readPage('docs/rights.md').split('\n## Rights in one cluster only\n')[1] ?? '';
  const [, yaml = ''] = /^```yaml\n(.*?)^```$/ms.exec(section) ?? [];
  const roles = loadAll(yaml) as RoleDocument[];
  if (roles.length === 0) throw new Error('docs/rights.md has no roles for the owner');
  return roles;
}

/** The rights of the tables in the own cluster: to join, to verify and to leave. */
const ownRights = (words: readonly string[]): readonly PolicyRule[] => [
  ...rulesOf('Kubernetes', 2, words),
  ...rulesOf('Kubernetes', 3, words),
  ...rulesOf('Kubernetes, to leave', 1, words),
];

const type = ({ sandbox, world }: Stage, line: string, input = '') =>
  runNlbmc(sandbox, `${line} --as ${TEAM}`, { input, onSleep: () => world.settle() });

/** What was sent to AWS over HTTP that is no reading. */
const awsWrites = (stage: Stage, from: number): readonly string[] =>
  stage
    .requests(from)
    .filter(({ world }) => world === 'aws')
    .map(({ action = '' }) => action)
    .filter((action) => !/^(?:elbv2|ec2)\.Describe|^sts\.GetCallerIdentity$/.test(action));

describe('a user with rights in one cluster and read-only AWS', () => {
  test.each([
    ['all rights of the page', ['needed', 'sometimes', 'improves']],
    ['what is needed and nothing more', ['needed']],
  ])('joins, verifies and leaves by a document: %s', (_, words) =>
    onStage('enabled', async (stage) => {
      const { stdout: document } = await stage.nlbmc(`show nginx --context ${PRI} -o yaml`);
      giveRole(stage.world.cluster(SEC).kube, TEAM, '', ownRights(words));
      const from = stage.world.journal.entries.length;
      for (const line of [
        `join nginx --context ${SEC} --from - --yes`,
        `verify nginx --context ${SEC} --from -`,
        `leave nginx --context ${SEC} --from - --yes`,
      ]) {
        const { code, stdout, stderr } = await type(stage, line, document);
        expect({ line, code, said: code === 0 ? '' : stdout + stderr }).toEqual({
          line,
          code: 0,
          said: '',
        });
      }
      expect(stage.requests(from).filter(({ cluster }) => cluster === PRI)).toEqual([]);
      expect(awsWrites(stage, from)).toEqual([]);
      expect((await stage.nlbmc(`verify nginx --context ${PRI}`)).code).toBe(0);
    }),
  );

  test('reads the owner with the roles of the page, and writes nothing there', () =>
    onStage('enabled', async (stage) => {
      for (const { metadata, rules } of rolesOfPage())
        giveRole(stage.world.cluster(PRI).kube, TEAM, metadata.namespace ?? '', rules);
      giveRole(stage.world.cluster(SEC).kube, TEAM, '', ownRights(['needed', 'improves']));
      const from = stage.world.journal.entries.length;
      for (const line of [
        `show nginx --context ${PRI}`,
        `join nginx --context ${SEC} --primary ${PRI} --yes`,
        `verify nginx --context ${PRI},${SEC}`,
        `leave nginx --context ${SEC} --primary ${PRI} --yes`,
      ]) {
        expect({ line, code: (await type(stage, line)).code }).toEqual({ line, code: 0 });
      }
      const there = stage.requests(from).filter(({ cluster }) => cluster === PRI);
      expect(there.filter(({ verb }) => verb !== 'GET')).toEqual([]);
    }));

  test('each rule of the page is needed, or says of itself what it improves', () =>
    onStage('joined', async (stage) => {
      const roles = rolesOfPage();
      const resources = roles.flatMap(({ rules }) => rules.flatMap((rule) => rule.resources ?? []));
      expect(resources.toSorted()).toEqual([
        'configmaps',
        'endpointslices',
        'namespaces',
        'nodes',
        'pods',
        'services',
        'targetgroupbindings',
      ]);
      for (const [n, gone] of [
        'configmaps',
        'endpointslices',
        'services',
        'targetgroupbindings',
      ].entries()) {
        const user = `${TEAM}-${n}`;
        giveRole(stage.world.cluster(SEC).kube, user, '', ownRights(['needed']));
        for (const { metadata, rules } of roles) {
          const fewer = rules.flatMap((rule) => {
            const left = (rule.resources ?? []).filter((one) => one !== gone);
            return left.length > 0 ? [{ ...rule, resources: left }] : [];
          });
          giveRole(stage.world.cluster(PRI).kube, user, metadata.namespace ?? '', fewer);
        }
        const { code } = await stage.nlbmc(`verify nginx --context ${PRI},${SEC} --as ${user}`);
        expect({ gone, code }).toEqual({ gone, code: 8 });
      }
    }));
});
