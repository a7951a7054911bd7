import { changing, changingByDocument, ENABLE, JOIN, onStage, SEC } from './stage.ts';
import { endState } from './end-state.ts';

interface Document {
  readonly plan: { readonly steps: readonly { readonly kind: string }[] };
}

/** A plan as data, without what only the server can give. */
const planOf = (stdout: string): unknown => {
  const { steps } = (JSON.parse(stdout) as Document).plan;
  return JSON.parse(
    JSON.stringify(steps).replaceAll(/"resourceVersion":"\d+"/g, '"resourceVersion":"N"'),
  );
};

describe('law 1: a dry run sends nothing that can change anything', () => {
  describe.each([...changing, ...changingByDocument])('$name', ({ line, before }) => {
    test('in each format, -o manifest included, which is a dry run by itself', () =>
      onStage(before, async ({ nlbmc, requests, world }) => {
        const was = endState(world);
        const formats = [
          '--dry-run -o table',
          '--dry-run -o json',
          '--dry-run -o yaml',
          '-o manifest',
        ];
        for (const format of formats) {
          const from = world.journal.entries.length;
          const { code, stdout } = await nlbmc(`${line} ${format}`);
          expect([format, code]).toEqual([format, 0]);
          expect(stdout).not.toBe('');
          expect(requests(from).length).toBeGreaterThan(3);
          expect(requests().filter((request) => request.mutating)).toEqual([]);
          expect(endState(world)).toEqual(was);
        }
      }));

    test('prints the very plan and manifest that would run, and says 4 while changes are pending', () =>
      onStage(before, async ({ nlbmc }) => {
        const dry = await nlbmc(`${line} --dry-run --detailed-exitcode -o json`);
        const manifest = await nlbmc(`${line} -o manifest`);
        const real = await nlbmc(`${line} -o json`);
        expect([dry.code, real.code]).toEqual([4, 0]);
        expect(planOf(dry.stdout)).not.toEqual([]);
        expect(planOf(real.stdout)).toEqual(planOf(dry.stdout));
        expect((await nlbmc(`${line} --dry-run --detailed-exitcode`)).code).toBe(0);
        // GitOps would take away what is not in it any more.
        expect(manifest.stdout).toContain('kind:');
        expect((await nlbmc(`${line} -o manifest`)).stdout).toBe(manifest.stdout);
      }));
  });

  test('with --detailed-exitcode says 5 when it would be refused', () =>
    onStage('deployed', async ({ nlbmc, requests }) => {
      expect((await nlbmc(`${JOIN} --dry-run --detailed-exitcode`)).code).toBe(5);
      expect(requests().filter((request) => request.mutating)).toEqual([]);
    }));

  test('the manifest of a join that makes the Service keeps that Service in it', () =>
    onStage('enabled', async ({ nlbmc, world }) => {
      const person = { actor: 'person', manager: 'kubectl-delete', internal: true };
      world.cluster(SEC).kube.delete('services', 'default', 'nginx', person);
      const line = `${JOIN} --create-service`;
      const first = await nlbmc(`${line} -o manifest`);
      expect(first.stdout).toContain('kind: Service');
      expect((await nlbmc(line)).code).toBe(0);
      expect((await nlbmc(`${line} -o manifest`)).stdout).toBe(first.stdout);
    }));

  test('the manifest of enable, applied by kubectl or GitOps, is what enable would have done', () =>
    onStage('deployed', async ({ nlbmc, world }) => {
      const { stdout } = await nlbmc(`${ENABLE} -o manifest`);
      const { load } = await import('js-yaml');
      const { metadata } = load(stdout) as { metadata: { annotations: Record<string, string> } };
      expect(Object.keys(metadata.annotations)).toHaveLength(2);
      await nlbmc(ENABLE);
      const service = world.primary.kube.get('services', 'default', 'nginx');
      expect(service?.metadata.annotations).toMatchObject(metadata.annotations);
    }));
});
