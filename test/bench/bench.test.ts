import { spawnSync } from 'node:child_process';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { BenchDocument } from './document.ts';
import { paired, timed } from './paired.ts';
import { startRelay } from './relay.ts';
import { rowsUntil } from './row.ts';
import { pageWith } from './tables.ts';

// How fast anything is, no test says: only that it is measured, and of what.
const script = join(import.meta.dirname, '..', '..', 'scripts', 'bench.js');
const bench = (...args: readonly string[]) =>
  spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });

const machine = { cpu: 'a processor', cores: 2, memoryGib: 8, node: '20.19.0', load: 0.5 };
const empty: BenchDocument = {
  apiVersion: 'nlbmc/v1',
  kind: 'Benchmark',
  at: '2026-01-01T00:00:00Z',
  machine,
  skips: [],
  startUp: [],
  walkthrough: [],
  roundTrips: [],
  clusters: [],
  targets: [],
  wire: [],
};

test('the benchmark prints one document, which counts what each command sends', () => {
  const { status, stdout } = bench('--json', '--runs', '1', '--only', 'wire');
  expect(status).toBe(0);
  const document = JSON.parse(stdout) as BenchDocument;
  expect(Object.keys(document)).toEqual(Object.keys(empty));
  expect(document.machine.node).toBe(process.versions.node);
  const names = document.wire.map(({ what }) => what);
  expect(names.join(' ')).toBe('enable join verify show list purge repair leave disable enroll');
  for (const { what, ...counts } of document.wire) {
    const { requests, sequential, connections, processes, memoryMib } = counts;
    expect({ what, inOrder: sequential > 1 && sequential < requests }).toMatchObject({
      inOrder: true,
    });
    expect(connections).toBeGreaterThan(2);
    expect(connections).toBeLessThanOrEqual(requests);
    expect(processes).toBe(0);
    expect(memoryMib).toBeGreaterThan(20);
  }
});

test('two works are measured in turn, and compared pair by pair', async () => {
  const played: string[] = [];
  const work = (name: string, ...ms: number[]) => {
    return () => {
      played.push(name);
      const cpuMs = ms.shift() ?? 0;
      return Promise.resolve({ cpuMs, wallMs: cpuMs * 2 });
    };
  };
  // The machine becomes ten times slower: the ratio stays.
  const found = await paired(
    { what: 'a', against: 'b' },
    { runs: 3, ms: 60_000 },
    work('a', 9, 30, 300, 330),
    work('b', 9, 10, 100, 100),
  );
  expect(played.join('')).toBe('abababab');
  expect(found).toMatchObject({ cpuRatio: 3, wallRatio: 3, a: { cpuMs: 300 }, b: { cpuMs: 100 } });
});

test('a work for which there is no time is measured once', async () => {
  let played = 0;
  const work = () => Promise.resolve({ cpuMs: (played += 1), wallMs: 1 });
  expect(await timed('a', { runs: 9, ms: 0 }, work)).toMatchObject({ runs: 1, cpuMs: 1 });
  expect(played).toBe(1);
});

test('a row that fails, or that there is no time for, is named, and the rest is measured', async () => {
  const skips: string[] = [];
  const row = rowsUntil(performance.now() + 60_000, (why) => skips.push(why));
  expect(await row('a', () => Promise.resolve(1))).toEqual([1]);
  expect(await row('b', () => Promise.reject(new Error('exit 2: no\nmore')))).toEqual([]);
  const late = rowsUntil(performance.now(), (why) => skips.push(why));
  expect(await late('c', () => Promise.resolve(1))).toEqual([]);
  expect(skips).toEqual(['Not measured: b: exit 2: no', 'Not measured: c: the time was over.']);
});

test('tables replace those of the page, and nothing else', () => {
  const old = '### Start-up\n\nold\n\n### Requests\n\nkept\n';
  const page = `before\n<!-- npm run bench -- --write -->\n\n${old}\n<!-- end -->\nafter\n`;
  const cost = { cpuMs: 1, wallMs: 2 };
  const row = { what: '--help', against: 'bare node', runs: 3, a: cost, b: cost };
  const startUp = [{ ...row, goal: '<= 1.5', cpuRatio: 1.4, wallRatio: 1 }];
  const targets = [100, 5000].map((n) => ({
    what: `${n}`,
    runs: 1,
    cpuMs: n,
    wallMs: 1,
    memoryMib: n,
  }));
  const measured = { ...empty, startUp, targets, skips: ['There is no kubectl.'] };
  const written = pageWith(page, measured);
  expect(written).toMatch(/^before\n[^]*a processor, 2 cores[^]*after\n$/);
  expect(written).toContain('| --help | bare node | <= 1.5 | 1.4 |');
  expect(written).toContain('| 5000 | 1 | 5000 | 5000 | 4900 | 4900 | 1 |');
  expect(written).not.toContain('old');
  // What was not measured this time stays, where it was.
  expect(written).toContain('### Requests\n\nkept\n');
  expect(pageWith(written, measured)).toBe(written);
  expect(() => pageWith('no place', empty)).toThrow('the page has no');
});

test('the relay hands on everything, in order and in both directions', async () => {
  const server = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket)).listen(
    0,
    '127.0.0.1',
  );
  await new Promise((resolve) => server.once('listening', resolve));
  const relay = await startRelay((server.address() as AddressInfo).port, 2);
  const socket = connect(relay.port, '127.0.0.1');
  const sent = Array.from({ length: 200 }, (_, n) => `piece ${n};`);
  for (const piece of sent) socket.write(piece);
  socket.end();
  expect(await text(socket)).toBe(sent.join(''));
  relay.close();
  server.close();
});
