import { plainStyle } from '../../src/output/style.ts';
import { tableLines } from '../../src/output/table.ts';

const plain = plainStyle({});
const heading = ['CLUSTER', 'BINDING', 'HEALTHY', 'STATE'];
const rows = [
  ['pri-eks-clu1', 'default/k8s-default-nginx-a10bfbf7e2', '12', { text: 'ready', tone: 'good' }],
  ['sec', 'default/nginx', '3', { text: 'degraded', tone: 'bad' }],
] as const;

test('columns are as wide as their widest cell, and numbers lean to the right', () =>
  expect(tableLines(heading, rows, plain, ['HEALTHY'])).toEqual([
    'CLUSTER       BINDING                               HEALTHY  STATE',
    'pri-eks-clu1  default/k8s-default-nginx-a10bfbf7e2       12  ready',
    'sec           default/nginx                               3  degraded',
  ]));

test('colour does not move a column', () => {
  const painted = { ...plain, paint: (_: string, text: string) => `<${text}>` };
  const lines = tableLines(heading, rows, painted, ['HEALTHY']);
  expect(lines.map((line) => line.replaceAll(/[<>]/g, '').trimEnd())).toEqual(
    tableLines(heading, rows, plain, ['HEALTHY']),
  );
});

test('a terminal that is too narrow gets rows that are folded, and no line is longer than it', () => {
  const lines = tableLines(heading, rows, { ...plain, columns: 50 }, ['HEALTHY']);
  expect(lines).toEqual([
    'CLUSTER',
    'pri-eks-clu1',
    '  BINDING default/k8s-default-nginx-a10bfbf7e2',
    '  HEALTHY 12  STATE ready',
    'sec',
    '  BINDING default/nginx  HEALTHY 3  STATE degraded',
  ]);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(50);
});

test('one that is wide enough gets the table', () =>
  expect(tableLines(heading, rows, { ...plain, columns: 69 })).toHaveLength(3));
