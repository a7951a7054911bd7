// Loaded into a nlbmc that is measured (`node --import`): counts what it sends and starts, and writes it
// to the file that NLBMC_BENCH_COUNTS names when the process ends.
import { writeFileSync } from 'node:fs';

const module = (name) => process.getBuiltinModule(name);
const file = process.env.NLBMC_BENCH_COUNTS;
delete process.env.NLBMC_BENCH_COUNTS;
delete process.env.NODE_OPTIONS;

const requests = [];
let connections = 0;
let processes = 0;

const { Socket } = module('node:net');
const { connect } = Socket.prototype;
Socket.prototype.connect = function counted(...args) {
  connections += 1;
  return connect.apply(this, args);
};
for (const client of [module('node:http'), module('node:https')]) {
  const { request } = client;
  client.request = function counted(...args) {
    const times = { from: performance.now(), to: Infinity };
    requests.push(times);
    // Nothing waits for the answer of a watch, which has no end.
    if (String(args[0]).includes('watch=true')) return request.apply(this, args);
    return request.apply(this, args).on('response', (answer) => {
      times.to = performance.now();
      answer.on('end', () => (times.to = performance.now()));
    });
  };
}
for (const name of ['spawn', 'execFile']) {
  const start = module('node:child_process')[name];
  module('node:child_process')[name] = function counted(...args) {
    processes += 1;
    return start.apply(this, args);
  };
}
module('node:module').syncBuiltinESMExports();

/** The longest chain of requests of which each began after the one before it had ended. */
function sequential() {
  const depths = [];
  for (const { from, to } of requests) {
    const before = depths.filter((one) => one.to <= from).map((one) => one.depth);
    depths.push({ to, depth: 1 + Math.max(0, ...before) });
  }
  return Math.max(0, ...depths.map(({ depth }) => depth));
}

process.on('exit', () => {
  const memoryMib = Math.round(process.resourceUsage().maxRSS / 1024);
  const counts = {
    requests: requests.length,
    sequential: sequential(),
    connections,
    processes,
    memoryMib,
  };
  if (file) writeFileSync(file, JSON.stringify(counts));
});
