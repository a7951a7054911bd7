import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectAws } from '../../src/aws/connect.ts';
import { connectClusters } from '../../src/kube/connect.ts';
import { readIdentity } from '../../src/kube/identity.ts';
import { runHelper } from '../../src/wire/helper-process.ts';
import { awsOptions } from '../aws/aws-options.ts';
import { kubeOptions } from '../kube/kube-options.ts';
import { folder, kubeconfig } from '../kube/small-server.ts';

let files: ReturnType<typeof folder>;
beforeEach(() => {
  files = folder();
});
afterEach(() => files.remove());

/** A helper that hangs with a child of its own, which ignores SIGTERM and holds the pipes. */
const hanging = (name = 'hang'): string =>
  files.write(
    `${name}.sh`,
    `#!/bin/sh\nsh -c 'trap "" TERM; echo $$ > ${files.path}/${name}.pid; while :; do sleep 0.1; done' &\nwait\n`,
    0o700,
  );

async function childPid(name = 'hang'): Promise<number> {
  for (let n = 0; n < 500; n += 1) {
    const file = join(files.path, `${name}.pid`);
    const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
    if (text) return Number(text);
    await pause(20);
  }
  throw new Error('the helper did not start');
}

/** Whether a process runs. One that has ended may keep its number until its parent looks, on some machines for seconds. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    // Without /proc only the number tells.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && !existsSync('/proc/self');
  }
}

async function expectGone(pid: number): Promise<void> {
  for (let n = 0; n < 100; n += 1) {
    if (!runs(pid)) return;
    await pause(20);
  }
  throw new Error(`process ${pid} lives on`);
}

const env = { PATH: '/usr/bin:/bin' };

test('one that hangs ends in time, with all that it has started', async () => {
  const running = runHelper([hanging()], { env, interactive: false, timeoutMs: 300 });
  const pid = await childPid();
  expect(await running).toMatchObject({ kind: 'late', afterMs: 300 });
  await expectGone(pid);
});

/** Reads with a helper of this kind, which hangs, until it is told to stop. */
async function stopped(kind: 'exec' | 'process' | 'source'): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  let events: { kind: string }[] = [];
  let reading: Promise<{ ok: boolean; problem?: { code: string } }>;
  if (kind === 'exec') {
    const user = {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        interactiveMode: 'Never',
        command: hanging(kind),
      },
    };
    const file = files.write('config', kubeconfig('https://127.0.0.1:1', user));
    const o = kubeOptions({ kubeconfig: file, env, signal });
    ({ events } = o);
    const [kube] = await connectClusters([], o);
    if (!kube) throw new Error('no client');
    reading = readIdentity(kube);
  } else {
    const role = 'role_arn=arn:aws:iam::123456789012:role/r';
    const own = `credential_process=${hanging(kind)}`;
    const config =
      kind === 'source'
        ? `[profile p]\n${role}\nsource_profile=q\n[profile q]\n${role}\nsource_profile=s\n[profile s]\n${own}\n`
        : `[profile p]\n${own}\n`;
    const AWS_CONFIG_FILE = files.write(`aws-${kind}`, config);
    const o = awsOptions({ profile: 'p', env: { ...env, AWS_CONFIG_FILE }, signal });
    ({ events } = o);
    reading = connectAws(o).sts({ action: 'GetCallerIdentity', region: 'us-east-1' }, () =>
      Promise.reject(new Error('sent')),
    );
  }
  const pid = await childPid(kind);
  for (let n = 0; n < 500 && events.length === 0; n += 1) await pause(20);
  expect(events).toContainEqual(
    expect.objectContaining({
      kind: 'helper',
      text: expect.stringContaining(kind === 'exec' ? 'plugin' : 'credential_process'),
    }),
  );
  stop.abort('SIGTERM');
  expect(await reading).toMatchObject({ ok: false, problem: { code: 'interrupted' } });
  await expectGone(pid);
}

// Side by side: each is shown after a second only, and gets a moment to end.
test('exec plugin, credential_process, source_profile with a credential_process: told to stop, it ends with all that it has started; it was shown while it ran', async () => {
  await Promise.all((['exec', 'process', 'source'] as const).map(stopped));
});
