import { CONFIGMAPS, configMap, SERVICES, service, startApi } from './api.ts';
import type { Api } from './api.ts';

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

  test('may speak for another', async () => {
    api.cluster.access.deny({ user: 'eve', verb: 'list' });
    const headers = { 'Impersonate-User': 'eve' };
    expect((await api.ask('GET', SERVICES, { headers })).status).toBe(403);
    expect((await api.ask('GET', SERVICES)).status).toBe(200);
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
    api.cluster.access.deny({ user: 'eve' });
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
