import { onStage, VERIFY } from '../laws/stage.ts';
import { readPage } from './pages.ts';
import { proveRightsOf } from './rights-proof.ts';
import { enable, join, list, rightOf, show, verify } from './rights-table.ts';

describe('docs/rights.md', () => {
  test.each([enable, join, verify, show, list])(
    'names every request of $name, and what comes of it without the right',
    proveRightsOf,
  );

  test('names what verify --rollout asks for besides', () =>
    onStage('joined', async ({ nlbmc, requests, world }) => {
      const said =
        /`verify --rollout` needs besides: (\w+ \w+),[^.]*\.\sWhat improves it is (\w+ \w+)\./.exec(
          readPage('docs/rights.md'),
        );
      const line = `${VERIFY} --rollout`;
      await nlbmc(VERIFY);
      const plain = new Set(requests().map(({ path }) => path?.split('?')[0]));
      await nlbmc(line);
      const more = requests().filter(({ path }) => !plain.has(path?.split('?')[0]));
      expect(new Set(more.map(rightOf))).toEqual(new Set(said?.slice(1)));
      for (const entry of more) {
        const giveBack = world.faults.add({
          world: 'kube',
          cluster: entry.cluster ?? '',
          match: new RegExp(`/namespaces/default/${rightOf(entry).split(' ')[1]}\\?`),
          kind: 'status',
          status: 403,
        });
        const { code } = await nlbmc(line);
        giveBack();
        expect([rightOf(entry), code]).toEqual([
          rightOf(entry),
          rightOf(entry) === said?.[1] ? 8 : 0,
        ]);
      }
    }));
});
