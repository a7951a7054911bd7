import { LbcWorld } from './lbc-world.ts';

/** A Service with pods `a` and `b` behind it; with `shared` its target group is multi-cluster. */
export function primary(shared: boolean, o: ConstructorParameters<typeof LbcWorld>[0] = {}) {
  const world = new LbcWorld(o);
  const a = world.addPod('a');
  const b = world.addPod('b');
  const pods = { a: { name: 'a', ip: a }, b: { name: 'b', ip: b } };
  world.setEndpoints('nginx', [pods.a, pods.b]);
  world.addService('nginx', shared ? { 'multi-cluster-target-group': 'true' } : {});
  world.settle();
  const binding = world.binding();
  const arn: string = binding['spec'].targetGroupARN;
  const name = binding.metadata.name;
  const setFlag = (on: boolean): void => {
    world.annotate('nginx', { 'multi-cluster-target-group': String(on) });
    world.settle(5000);
  };
  const own = [`${a}:80`, `${b}:80`].toSorted();
  return { world, arn, name, pods, own, setFlag, a: `${a}:80`, b: `${b}:80` };
}
