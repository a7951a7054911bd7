import { openPracticeLab, type PracticeLab } from './practice-lab.ts';
import { commands, DEPLOY, foretold, PRI, SCRIPT, SEC, SLOW_MS, withTools } from './script.ts';

withTools('templates/lab/prerequisites.sh in an empty account', () => {
  let lab: PracticeLab;
  const annotations = async (): Promise<string> => {
    const path = 'jsonpath={.metadata.annotations}';
    return (await lab.type(`kubectl --context ${PRI} get service nginx -o '${path}'`)).stdout;
  };

  beforeAll(async () => {
    lab = await openPracticeLab();
    await lab.type(DEPLOY);
  }, SLOW_MS);
  afterAll(() => lab?.close());

  test(
    'a dry run sends nothing and prints the very commands of the run',
    async () => {
      const before = lab.sandbox.world.journal.entries.length;
      await lab.type(`${SCRIPT} --shared --dry-run`);
      expect(lab.sandbox.world.journal.entries.slice(before)).toEqual([]);
      expect(lab.helmCalls()).toEqual([]);
      const { stderr } = await lab.type(`${SCRIPT} --shared`);
      // Foretold afterwards: only now there is a target group to put in.
      expect(commands(stderr)).toEqual(await foretold(lab, '--shared'));
    },
    SLOW_MS,
  );

  test('the definition goes before the controller, in both clusters', () => {
    expect(lab.helmCalls().map((line) => line.split(' ').slice(1, 3).join(' '))).toEqual([
      'show crds',
      'upgrade --install',
      'show crds',
      'upgrade --install',
    ]);
    for (const call of lab.helmCalls()) expect(call).toContain('--version 3.5.0');
    const { vpcId } = lab.sandbox.world.aws.network;
    const installs = lab.helmCalls().filter((line) => line.includes('upgrade'));
    // Pod Identity gives rights to this name, and pods cannot ask the nodes for region and VPC.
    for (const [i, name] of [PRI, SEC].entries())
      expect(installs[i]).toContain(
        `clusterName=${name},region=us-east-1,vpcId=${vpcId},serviceAccount.name=aws-load-balancer-controller`,
      );
  });

  test(
    'the primary serves, and the secondary has nothing',
    async () => {
      await lab.type(`nlbmc verify nginx --context ${PRI}`);
      const second = await lab.type(`kubectl --context ${SEC} get deployments,services -o name`);
      expect(second.stdout).toBe('service/kubernetes\n');
    },
    SLOW_MS,
  );

  test(
    'run again, even as for the other scenario, it leaves a shared Service shared',
    async () => {
      const before = await annotations();
      expect(before).toContain('multi-cluster-target-group":"true"');
      const { stderr } = await lab.type(SCRIPT);
      expect(stderr).toContain('service/nginx is there already, and is left as it is');
      expect(await annotations()).toBe(before);
    },
    SLOW_MS,
  );

  test.each(['up', 'cleanup'])(
    '%s takes no context of the same name that leads elsewhere',
    async (command) => {
      const prod = `kubectl config set-cluster prod --server=https://prod.example >/dev/null
        kubectl config set-context ${PRI} --cluster=prod >/dev/null`;
      const refused = await lab.paste(
        `export KUBECONFIG=$(mktemp)\n${prod}\n${SCRIPT} ${command}; rm "$KUBECONFIG"`,
      );
      expect(refused.code).toBe(5);
      expect(refused.stderr).toContain(
        `The kubeconfig has a context ${PRI} of another cluster: https://prod.example.`,
      );
      expect(lab.aws.status()).toBe('CREATE_COMPLETE');
    },
    SLOW_MS,
  );

  test(
    'a stack that is not there is nothing to work on',
    async () => {
      const absent = await lab.paste(`${SCRIPT} --stack-name other`);
      expect(absent.code).toBe(5);
      expect(absent.stderr).toContain(
        'There is no stack other. Make it: aws cloudformation deploy',
      );
      const { stderr } = await lab.type(`${SCRIPT} cleanup --stack-name other`);
      expect(stderr).toBe('There is no stack other: nothing to clean up.\n');
    },
    SLOW_MS,
  );
});
