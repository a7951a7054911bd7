import { startApi } from './api.ts';
import type { Api } from './api.ts';
import { describeKubectl, kubectlFor } from './kubectl.ts';

let api: Api;
let kubectl: ReturnType<typeof kubectlFor>;
beforeEach(async () => {
  api = await startApi();
  kubectl = kubectlFor(api);
});
afterEach(async () => {
  kubectl.remove();
  await api.close();
});

describeKubectl('kubectl and rights', () => {
  test('roles are made, bound, obeyed and described', async () => {
    const { said, run } = kubectl;
    expect((await run('get', 'pods', '--as', 'eve')).stderr).toContain(
      'pods is forbidden: User "eve" cannot list resource "pods" in API group "" in the namespace "default"',
    );
    await said('create', 'role', 'reader', '--verb=get,list', '--resource=pods,pods/log');
    await said('create', 'rolebinding', 'reader', '--role=reader', '--user=eve');
    expect((await run('get', 'pods', '--as', 'eve')).code).toBe(0);
    expect(await said('describe', 'rolebinding', 'reader')).toMatch(/User +eve/);
    expect(await said('get', 'rolebindings')).toMatch(/reader +Role\/reader/);
    expect(await said('get', 'clusterroles')).toMatch(/^view /m);
  });

  test('who somebody is, and what it may do', async () => {
    const { said, run } = kubectl;
    await said('create', 'rolebinding', 'viewer', '--clusterrole=view', '--user=eve');
    expect(await said('auth', 'can-i', 'list', 'services', '--as', 'eve')).toBe('yes');
    expect((await run('auth', 'can-i', 'delete', 'services', '--as', 'eve')).stdout.trim()).toBe(
      'no',
    );
    expect(await said('auth', 'can-i', '--list', '--as', 'eve')).toMatch(
      /^services .*\[get list watch\]/m,
    );
    expect(await said('auth', 'whoami', '--as', 'eve')).toMatch(/Username +eve/);
    expect(await said('auth', 'whoami')).toMatch(/Groups +\[system:masters system:authenticated\]/);
  });
});
