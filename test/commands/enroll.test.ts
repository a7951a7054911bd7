import type { Sandbox } from '../../src/sandbox/server.ts';
import { createAll } from '../../src/sandbox/scenarios/apply.ts';
import { deployment, plainService } from '../../src/sandbox/scenarios/objects.ts';
import { runNlbmc, startPractice } from './harness.ts';

const ENABLE = 'enable nginx --context pri-eks-clu1';
const JOIN = 'join nginx --context sec-eks-clu1 --primary pri-eks-clu1';
const VERIFY = 'verify nginx --context pri-eks-clu1,sec-eks-clu1';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startPractice();
  for (const { kube } of sandbox.world.secondaries) {
    createAll(kube, deployment(2), plainService('ClusterIP'));
  }
  sandbox.world.settle();
});
afterEach(() => sandbox.stop());

test('enable, join, verify', async () => {
  for (const line of [ENABLE, ENABLE, JOIN, JOIN, VERIFY]) {
    const { code, stdout, stderr } = await runNlbmc(sandbox, line);
    console.log(`$ ${line}  -> ${code}\n--stderr\n${stderr}\n--stdout\n${stdout}`);
  }
});
