import { CONFIGMAPS, configMap, SERVICES, service, startApi, TOKEN } from './api.ts';
import type { Api } from './api.ts';
import { giveRole } from './roles.ts';
import { serveKube } from '../../../src/sandbox/kube/http/serve.ts';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const REVIEWS = '/apis/authorization.k8s.io/v1';

describe('who asks', () => {
  test('must carry the token, but for version and health', async () => {
    for (const headers of [{ Authorization: '' }, { Authorization: 'Bearer wrong' }]) {
      const { status, body } = await api.ask('GET', SERVICES, { headers });
      expect(status).toBe(401);
      expect(body).toMatchObject({
        kind: 'Status',
        reason: 'Unauthorized',
        message: 'Unauthorized',
      });
    }
    const open = { headers: { Authorization: '' } };
    expect((await api.ask('GET', '/version', open)).body.gitVersion).toMatch(/^v1\.32/);
    for (const path of ['/healthz', '/readyz', '/livez'])
      expect((await api.ask('GET', path, open)).text).toBe('ok');
  });

  test('may speak for another, who has only what Roles give', async () => {
    const headers = { 'Impersonate-User': 'eve' };
    const refused = await api.ask('GET', SERVICES, { headers });
    expect([refused.status, refused.body.message]).toEqual([
      403,
      'services is forbidden: User "eve" cannot list resource "services" in API group "" in the namespace "default"',
    ]);
    expect((await api.ask('GET', SERVICES)).status).toBe(200);
  });

  test('may speak for nobody without the right to', async () => {
    const users = new Map([['of-eve', 'eve']]);
    const { cluster, journal, faults, clock } = api;
    const own = await serveKube(cluster, { token: TOKEN, users, journal, faults, clock });
    const ask = (headers: Record<string, string>) =>
      fetch(`${own.url}${SERVICES}`, { headers: { Authorization: 'Bearer of-eve', ...headers } });
    giveRole(cluster, 'eve', 'default', [
      { verbs: ['list'], apiGroups: [''], resources: ['services'] },
    ]);
    expect((await ask({})).status).toBe(200);
    const refused = await ask({ 'Impersonate-User': 'kubernetes-admin' });
    expect([refused.status, ((await refused.json()) as { message: string }).message]).toEqual([
      403,
      'users "kubernetes-admin" is forbidden: User "eve" cannot impersonate resource "users" in API group "" at the cluster scope',
    ]);
    await own.close();
  });
});

describe('a refusal', () => {
  test('names verb, resource, group and place', async () => {
    api.cluster.access.deny({ verb: 'patch', resource: 'services', namespace: 'default' });
    api.cluster.access.deny({ verb: 'list', resource: 'nodes' });
    await api.ask('POST', SERVICES, { body: service('web') });
    const patch = { type: 'application/merge-patch+json', body: {} };
    const one = await api.ask('PATCH', `${SERVICES}/web`, patch);
    expect(one.status).toBe(403);
    expect(one.body.message).toBe(
      'services "web" is forbidden: User "kubernetes-admin" cannot patch resource "services" in API group "" in the namespace "default"',
    );
    const all = await api.ask('GET', '/api/v1/nodes');
    expect(all.body.message).toBe(
      'nodes is forbidden: User "kubernetes-admin" cannot list resource "nodes" in API group "" at the cluster scope',
    );
  });

  test('can be of a subresource, and ends when its rule is taken away', async () => {
    const lift = api.cluster.access.deny({ resource: 'services/status' });
    await api.ask('POST', SERVICES, { body: service('web') });
    const refused = await api.ask('GET', `${SERVICES}/web/status`);
    expect(refused.body.message).toContain('cannot get resource "services/status"');
    expect((await api.ask('GET', `${SERVICES}/web`)).status).toBe(200);
    lift();
    expect((await api.ask('GET', `${SERVICES}/web/status`)).status).toBe(200);
  });
});

const review = (kind: string, spec: object) => ({
  body: { apiVersion: 'authorization.k8s.io/v1', kind, spec },
});

describe('a review', () => {
  test('answers what the request would meet, and is no change', async () => {
    api.cluster.access.deny({ verb: 'create', resource: 'configmaps' });
    const ask = (verb: string) => {
      const resourceAttributes = { namespace: 'default', verb, group: '', resource: 'configmaps' };
      const sent = review('SelfSubjectAccessReview', { resourceAttributes });
      return api.ask('POST', `${REVIEWS}/selfsubjectaccessreviews`, sent);
    };
    const no = await ask('create');
    expect([no.status, no.body.status.allowed]).toEqual([201, false]);
    expect((await ask('get')).body.status.allowed).toBe(true);
    expect((await api.ask('POST', CONFIGMAPS, { body: configMap('a') })).status).toBe(403);
    const reviews = api.journal.entries.filter((entry) => entry.path?.includes('accessreviews'));
    expect(reviews.map((entry) => entry.mutating)).toEqual([false, false]);
  });

  test('can be about somebody else', async () => {
    const rules = [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }];
    giveRole(api.cluster, 'bob', '', rules);
    const resourceAttributes = { verb: 'get', resource: 'pods' };
    const ask = (user: string) =>
      api.ask(
        'POST',
        `${REVIEWS}/subjectaccessreviews`,
        review('SubjectAccessReview', { user, resourceAttributes }),
      );
    expect((await ask('eve')).body.status.allowed).toBe(false);
    expect((await ask('bob')).body.status.allowed).toBe(true);
  });

  test('is created and nothing else, and must ask something', async () => {
    expect((await api.ask('GET', `${REVIEWS}/selfsubjectaccessreviews`)).status).toBe(405);
    const empty = review('SelfSubjectAccessReview', {});
    expect((await api.ask('POST', `${REVIEWS}/selfsubjectaccessreviews`, empty)).status).toBe(422);
  });
});

/** Verb, path and whether `user` is let in. */
const asEve = (method: string, path: string, body?: unknown) =>
  api.ask(method, path, { headers: { 'Impersonate-User': 'eve' }, ...(body ? { body } : {}) });

describe('a user that is no administrator', () => {
  test('has what a Role gives in its namespace, and loses it with the binding', async () => {
    giveRole(api.cluster, 'eve', 'default', [
      { verbs: ['get', 'create'], apiGroups: [''], resources: ['configmaps'] },
    ]);
    expect((await asEve('POST', CONFIGMAPS, configMap('a'))).status).toBe(201);
    expect((await asEve('GET', `${CONFIGMAPS}/a`)).status).toBe(200);
    expect((await asEve('DELETE', `${CONFIGMAPS}/a`)).status).toBe(403);
    expect((await asEve('GET', CONFIGMAPS)).status).toBe(403);
    expect((await asEve('GET', '/api/v1/namespaces/kube-system/configmaps/a')).status).toBe(403);
    const binding = '/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings/eve';
    await api.ask('DELETE', binding);
    expect((await asEve('GET', `${CONFIGMAPS}/a`)).status).toBe(403);
  });

  test('has what a ClusterRole gives everywhere, of the named objects and subresources alone', async () => {
    giveRole(api.cluster, 'eve', '', [
      { verbs: ['get'], apiGroups: [''], resources: ['configmaps'], resourceNames: ['a'] },
      { verbs: ['get'], apiGroups: [''], resources: ['services/status'] },
    ]);
    for (const name of ['a', 'b']) await api.ask('POST', CONFIGMAPS, { body: configMap(name) });
    await api.ask('POST', SERVICES, { body: service('web') });
    expect((await asEve('GET', `${CONFIGMAPS}/a`)).status).toBe(200);
    expect((await asEve('GET', `${CONFIGMAPS}/b`)).status).toBe(403);
    expect((await asEve('GET', `${SERVICES}/web/status`)).status).toBe(200);
    expect((await asEve('GET', `${SERVICES}/web`)).status).toBe(403);
  });

  test('may look at what is served and ask who it is and what it may', async () => {
    giveRole(api.cluster, 'eve', 'default', [
      { verbs: ['get'], apiGroups: [''], resources: ['configmaps'] },
    ]);
    expect((await asEve('GET', '/apis')).status).toBe(200);
    const who = await asEve('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {});
    expect(who.body.status.userInfo).toEqual({
      username: 'eve',
      groups: ['system:authenticated'],
    });
    const rules = review('SelfSubjectRulesReview', { namespace: 'default' }).body;
    const may = await asEve('POST', `${REVIEWS}/selfsubjectrulesreviews`, rules);
    expect(may.body.status.resourceRules).toContainEqual({
      verbs: ['get'],
      apiGroups: [''],
      resources: ['configmaps'],
    });
    expect((await asEve('POST', `${REVIEWS}/subjectaccessreviews`, {})).status).toBe(403);
  });

  test('may do everything in the group of the administrators', async () => {
    const headers = { 'Impersonate-User': 'eve', 'Impersonate-Group': 'system:masters' };
    expect((await api.ask('GET', '/api/v1/nodes', { headers })).status).toBe(200);
  });
});
