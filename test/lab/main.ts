import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEtcd } from './api-server.ts';
import { findBinaries } from './binaries.ts';
import { Processes, tails } from './processes.ts';
import { openRealStage } from './real-stage.ts';
import { openRealWorld } from './real-world.ts';
import { scenarios } from './scenarios/all.ts';
const t0 = Date.now();
const say = (line: string) => process.stdout.write(`${((Date.now() - t0) / 1000).toFixed(1)} ${line}\n`);
const binaries = await findBinaries(process.cwd(), process.env, say);
say(JSON.stringify(binaries));
const folder = mkdtempSync(join(tmpdir(), 'nlbmc-lab-'));
const processes = new Processes(folder);
try {
  const etcd = (await startEtcd(processes, { file: binaries.etcd, folder })).url;
  say('etcd');
  const world = await openRealWorld({ processes, binaries, folder, name: 'beside', etcd, clusters: 2 });
  say('world');
  for (const scenario of scenarios) {
    const stage = await openRealStage(world, scenario);
    await scenario.play(stage).then(() => say(`ok ${scenario.name}`), (e) => say(`FAILED ${scenario.name} ${e.stack}`));
    for (const act of await stage.acts()) say(JSON.stringify(act).slice(0, 250));
  }
  await world.close();
} catch (error) {
  say(String((error as Error).stack));
  say(tails(processes, 20));
} finally {
  await processes.stop();
}
