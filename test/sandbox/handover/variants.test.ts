import {
  adopt,
  backend,
  frontend,
  keepGroups,
  label,
  notesOf,
  release,
  restart,
  RESTART_MS,
  retag,
} from './hands.ts';
import { PREFIX, Shared } from './shared.ts';

const MINUTE = 60_000;

test('OLD without a class: finalizer and target type are taken away, type and status stay', () => {
  const it_ = new Shared('ip', { withoutClass: true });
  const { old, fresh } = it_;
  expect(it_.service(old)['spec'].loadBalancerClass).toBeUndefined();
  const targets = it_.targets();
  expect(targets).toHaveLength(5);
  const notes = notesOf(it_.service(old));
  it_.merge(old, 'services', 'nginx', {
    metadata: { finalizers: null, annotations: { [`${PREFIX}nlb-target-type`]: null } },
  });
  const bad = it_.watch(5_000, targets);
  retag(it_, fresh);
  restart(it_, old);
  restart(it_, fresh);
  bad.push(...it_.watch(RESTART_MS, targets));
  label(it_, fresh);
  adopt(it_, fresh, { ...notes, ...keepGroups(it_, old) });
  bad.push(...it_.watch(2 * MINUTE, targets));
  expect(bad).toEqual([]);
  expect(it_.balancers).toHaveLength(1);
  expect(it_.service(old)['status'].loadBalancer.ingress).toHaveLength(1);
  expect(it_.service(fresh)['status'].loadBalancer.ingress).toHaveLength(1);
});

test('NEW has no binding yet: its controller makes it, and the pods of NEW come in', () => {
  const it_ = new Shared('ip', { joined: false });
  const { old, fresh } = it_;
  const targets = it_.targets();
  expect(it_.of(fresh, targets)).toEqual([]);
  const notes = notesOf(it_.service(old));
  release(it_, old);
  const bad = it_.watch(5_000, targets);
  retag(it_, fresh);
  restart(it_, old);
  bad.push(...it_.watch(RESTART_MS, targets));
  adopt(it_, fresh, { ...notes, ...keepGroups(it_, old) });
  bad.push(...it_.watch(2 * MINUTE, targets));
  expect(bad).toEqual([]);
  expect(it_.of(fresh).filter((one) => one.endsWith(' healthy'))).toHaveLength(2);
  expect(it_.bindings(fresh)).toHaveLength(1);
});

test('back before NEW’s Service was touched: nothing is written to AWS but the tags', () => {
  const it_ = new Shared();
  const { old, fresh } = it_;
  const targets = it_.targets();
  const notes = notesOf(it_.service(old));
  const group = frontend(it_);
  const from = it_.now;
  release(it_, old);
  const bad = it_.watch(5_000, targets);
  retag(it_, fresh);
  restart(it_, old);
  label(it_, fresh);
  bad.push(...it_.watch(RESTART_MS, targets));
  label(it_, fresh, false);
  retag(it_, old);
  const Tags = [{ Key: 'elbv2.k8s.aws/cluster', Value: old.name }];
  it_.aws('ec2.CreateTags', { Resources: [group], Tags });
  restart(it_, old);
  bad.push(...it_.watch(RESTART_MS, targets));
  adopt(it_, old, notes);
  bad.push(...it_.watch(2 * MINUTE, targets));
  expect(bad).toEqual([]);
  expect(it_.wrote(from)).toEqual([]);
  expect(it_.service(old).metadata.finalizers).toHaveLength(1);
});

test('groups of the user with managed rules: they stay, and NEW’s backend group is added', () => {
  const it_ = new Shared('ip', { ownGroup: true });
  const { old, fresh } = it_;
  const targets = it_.targets();
  const notes = notesOf(it_.service(old));
  const before: string[] = it_.balancers[0]!['SecurityGroups'];
  expect(before).toHaveLength(2);
  const from = it_.now;
  release(it_, old);
  const bad = it_.watch(5_000, targets);
  retag(it_, fresh, true);
  restart(it_, old);
  restart(it_, fresh);
  bad.push(...it_.watch(RESTART_MS, targets));
  label(it_, fresh);
  adopt(it_, fresh, { ...notes, [`${PREFIX}security-groups`]: before.join() });
  bad.push(...it_.watch(2 * MINUTE, targets));
  expect(bad).toEqual([]);
  expect(it_.balancers).toHaveLength(1);
  expect(it_.balancers[0]!['SecurityGroups']).toEqual([...before, backend(it_, fresh)]);
  expect(it_.wrote(from).filter((one) => one.startsWith('Set'))).toEqual(['SetSecurityGroups']);
});
