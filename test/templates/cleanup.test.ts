import { fullSize } from '../full-size.ts';
import { openPracticeLab, type PracticeLab } from './practice-lab.ts';
import { commands, DEPLOY, foretold, PRI, SCRIPT, SEC, SLOW_MS, withTools } from './script.ts';

const HOSTNAME = "--for='jsonpath={.status.loadBalancer.ingress[0].hostname}'";

// It starts four hundred programs. Outside CI only the page of the lab (aws-lab-page.test.ts) runs cleanup.
const inFull: (name: string, tests: () => void) => void = fullSize ? withTools : describe.skip;

inFull('templates/lab/prerequisites.sh cleanup', () => {
  let lab: PracticeLab;
  /** Lets the secondary in: with a Service that join makes, or one of the person's own. */
  const enroll = async (service: 'made' | 'own'): Promise<void> => {
    const own = service === 'own' ? '-f templates/app/service-secondary.yaml' : '';
    await lab.type(`nlbmc enable nginx --context ${PRI}
      kubectl --context ${SEC} create -f templates/app/deployment.yaml ${own}
      nlbmc join nginx --context ${SEC} --primary ${PRI} --create-service`);
  };

  beforeAll(async () => {
    // Slower: targets have to drain still when a second cleanup comes.
    lab = await openPracticeLab({ speed: 100 });
    await lab.type(DEPLOY);
    await lab.type(SCRIPT);
    await enroll('own');
  }, SLOW_MS);
  afterAll(() => lab?.close());

  test(
    'ends with what nlbmc refuses, before anything is deleted',
    async () => {
      const stop = `kubectl --context ${PRI} scale deployment/nginx`;
      await lab.type(
        `${stop} --replicas=0 && kubectl --context ${PRI} wait pod -l app=nginx --for=delete --timeout=2m`,
      );
      // The secondary is the last that serves: its leave would cut everybody off.
      const { code, stderr } = await lab.paste(`${SCRIPT} cleanup`);
      expect(code).toBe(5);
      expect(commands(stderr).at(-1)).toContain('nlbmc leave nginx');
      await lab.type(
        `${stop} --replicas=2 && kubectl --context ${PRI} rollout status deployment/nginx`,
      );
      await lab.type(`nlbmc verify nginx --context ${PRI},${SEC} --wait`);
      expect(lab.aws.changes).toEqual(['ExecuteChangeSet nlbmc-lab']);
    },
    SLOW_MS,
  );

  test(
    'refuses to delete the stack under a load balancer, and names whose it is',
    async () => {
      await lab.type(
        `sed 's/name: nginx$/name: other/' templates/app/service-existing.yaml | kubectl --context ${PRI} create -f -
        kubectl --context ${PRI} wait service/other ${HOSTNAME}`,
      );
      // In the wrong order, by hand: the Service that the secondary's binding belongs to goes first.
      await lab.type(
        `kubectl --context ${PRI} annotate service nginx --overwrite service.beta.kubernetes.io/aws-load-balancer-attributes=deletion_protection.enabled=false
        kubectl --context ${PRI} delete service nginx --wait=false`,
      );
      const { code, stderr } = await lab.paste(`${SCRIPT} cleanup`);
      expect(stderr).toMatch(/The stack nlbmc-lab stays: in its VPC vpc-\w+ there still is/);
      expect(stderr).toMatch(
        /loadbalancer\/net\/k8s-default-other-\S+, by its tags of:.*pri-eks-clu1/,
      );
      expect(stderr).toMatch(/sg-\w+, a security group of the controller/);
      expect(code).toBe(5);
      expect(lab.aws.changes).toEqual(['ExecuteChangeSet nlbmc-lab']);
      const bindings = await lab.type(`kubectl --context ${SEC} get targetgroupbindings -o name`);
      expect(bindings.stdout).toBe('');
      await lab.type(`kubectl --context ${PRI} delete service other`);
    },
    SLOW_MS,
  );

  test(
    'goes from the secondary to the stack, as its dry run says',
    async () => {
      await lab.type(`${SCRIPT} --shared`);
      await enroll('made');
      const expected = await foretold(lab, 'cleanup');
      const { stderr } = await lab.type(`${SCRIPT} cleanup`);
      const said = commands(stderr);
      expect(said).toEqual(expected);
      const order = [
        `nlbmc leave nginx --namespace default --context ${SEC}`,
        `kubectl --context ${SEC} --namespace default delete`,
        `nlbmc disable nginx --namespace default --context ${PRI} --allow-deletion`,
        `kubectl --context ${PRI} --namespace default delete`,
        'aws elbv2 describe-load-balancers',
        'aws cloudformation delete-stack',
      ].map((start) => said.findIndex((line) => line.startsWith(start)));
      expect(order).not.toContain(-1);
      expect(order).toEqual([...order].sort((a, b) => a - b));
      expect(lab.aws.status()).toBeUndefined();
      expect(lab.sandbox.world.aws.balancers).toEqual([]);
      expect((await lab.type('kubectl config get-contexts -o name')).stdout).toBe('');
    },
    SLOW_MS,
  );

  test(
    'after an interruption waits for what still drains, goes on, and then finds nothing to do',
    async () => {
      await lab.type(DEPLOY);
      await lab.type(SCRIPT);
      await enroll('own');
      await lab.type(`kubectl --context ${SEC} delete targetgroupbinding nginx`);
      const { stderr } = await lab.type(`${SCRIPT} cleanup`);
      expect(commands(stderr).find((line) => line.startsWith('nlbmc leave'))).toContain(
        `--primary ${PRI}`,
      );
      expect(lab.aws.status()).toBeUndefined();
      const again = await lab.type(`${SCRIPT} cleanup`);
      expect(again.stderr).toBe('There is no stack nlbmc-lab: nothing to clean up.\n');
    },
    SLOW_MS,
  );
});
