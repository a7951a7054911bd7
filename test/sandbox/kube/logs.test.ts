import { inside, startApi } from './api.ts';
import type { Api } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const LOG = '/api/v1/namespaces/default/pods/web/log';

const start = () => {
  const spec = { nodeName: 'n1', containers: [{ name: 'web', image: 'nginx' }] };
  const made = api.cluster.create(
    'pods',
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default' }, spec },
    inside,
  );
  const containerStatuses = [{ name: 'web', ready: true, restartCount: 0, state: { running: {} } }];
  const status = { phase: 'Running', containerStatuses };
  return () => api.cluster.update('pods', { ...made, status }, inside, 'status');
};

describe('logs', () => {
  test('are what the pod wrote, from the end or a time on', async () => {
    const run = start();
    const early = await api.ask('GET', LOG);
    expect([early.status, early.body.message]).toEqual([
      400,
      'container "web" in pod "web" is waiting to start: ContainerCreating',
    ]);
    run();
    const lines = ['one', 'two', 'three'].map((text) => {
      api.clock.advance(10_000);
      return { at: api.clock.date(), text };
    });
    api.cluster.podLogs = () => lines;
    expect((await api.ask('GET', LOG)).text).toBe('one\ntwo\nthree\n');
    expect((await api.ask('GET', `${LOG}?tailLines=2`)).text).toBe('two\nthree\n');
    expect((await api.ask('GET', `${LOG}?sinceSeconds=5`)).text).toBe('three\n');
    const stamped = (await api.ask('GET', `${LOG}?tailLines=1&timestamps=true`)).text;
    expect(stamped).toBe(`${api.clock.date().toISOString()} three\n`);
  });

  test('say which container they lack', async () => {
    start()();
    const { status, body } = await api.ask('GET', `${LOG}?container=db`);
    expect([status, body.message]).toEqual([400, 'container db is not valid for pod web']);
    const before = await api.ask('GET', `${LOG}?previous=true`);
    expect(before.body.message).toBe('previous terminated container "web" in pod "web" not found');
  });

  test('can be followed until the pod is gone', async () => {
    start()();
    const lines = [{ at: api.clock.date(), text: 'one' }];
    api.cluster.podLogs = () => lines;
    let text = '';
    const seen: (() => void)[] = [];
    const ended = new Promise<void>((resolve) =>
      api.open('GET', `${LOG}?follow=true`).on('response', (response) => {
        response.on('data', (chunk: Buffer) => {
          text += chunk;
          seen.shift()?.();
        });
        response.on('end', resolve);
      }),
    );
    await new Promise<void>((resolve) => void seen.push(resolve));
    lines.push({ at: api.clock.date(), text: 'two' });
    api.clock.advance(1_000);
    api.cluster.delete('pods', 'default', 'web', inside, { gracePeriodSeconds: 0 });
    api.clock.advance(1_000);
    await ended;
    expect(text).toBe('one\ntwo\n');
  });
});
