import { toJsonSchema } from '@valibot/to-json-schema';
import { Ajv } from 'ajv';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArn } from '../../src/core/model/arn.ts';
import { type Enrollment, enrollment } from '../../src/core/observed/enrollment-document.ts';
import { parseEnrollment } from '../../src/core/show/parse-enrollment.ts';
import { runNlbmc, startPractice } from '../commands/harness.ts';
import { loseSecondary } from '../commands/gone.ts';
import { onStage, PRI, SEC } from '../laws/stage.ts';

const file = join(import.meta.dirname, '../../docs/enrollment.schema.json');
const SHOW = `show nginx --context ${PRI},${SEC} -o json`;

/** The schema that the code has. What only code can check (an ARN, a target) is a pattern of its own in it. */
function schemaOfCode(): object {
  const schema = toJsonSchema(enrollment, {
    ignoreActions: ['finite', 'readonly'],
    overrideAction: ({ valibotAction, jsonSchema }) => {
      const message = 'message' in valibotAction ? String(valibotAction.message) : '';
      if (message.includes('ARN of a target group')) {
        return {
          ...jsonSchema,
          pattern: '^arn:[^:]+:elasticloadbalancing:[^:]+:[^:]+:targetgroup/.+',
        };
      }
      return message.includes('(id:port)')
        ? { ...jsonSchema, pattern: '^.+:[0-9]{1,5}(:0[xX][0-9a-fA-F]{16})?$' }
        : undefined;
    },
  });
  return {
    $schema: schema.$schema,
    title: 'Enrollment',
    description:
      'What nlbmc show prints with -o json or -o yaml, and leave and purge read with --from. Later versions may add fields.',
    ...schema,
  };
}

const schemaOfPage = (): object => JSON.parse(readFileSync(file, 'utf8')) as object;
const problemsOf = (document: unknown): readonly string[] => {
  const ajv = new Ajv({ allErrors: true });
  ajv.validate(schemaOfPage(), document);
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

/** A document as versions before the owner wrote it. */
function old(text: string): Enrollment {
  const { owner: _, ...document } = JSON.parse(text) as Enrollment;
  const members = document.members.map((member) => {
    const { clusterNames: _names, vpcId: _vpc, ...rest } = member;
    const bindings = rest.bindings.map(({ service: _service, ...binding }) => binding);
    return { ...rest, bindings };
  });
  return { ...document, members };
}

test('docs/enrollment.schema.json is what the code says', () => {
  const text = `${JSON.stringify(schemaOfCode(), undefined, 2)}\n`;
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('a document of show keeps to it where a Service owns the load balancer, and so does an older one', () =>
  onStage('joined', async ({ nlbmc }) => {
    const { stdout } = await nlbmc(SHOW);
    expect(JSON.parse(stdout)).toMatchObject({ owner: { kind: 'service' } });
    expect(problemsOf(JSON.parse(stdout))).toEqual([]);
    expect(problemsOf(old(stdout))).toEqual([]);
    // Every text of a document that the parser refuses, the schema refuses, too.
    const document = JSON.parse(stdout) as Enrollment;
    const wrong: readonly object[] = [
      { ...document, kind: 'Report' },
      { ...document, owner: { kind: 'service' } },
      { ...document, members: [{ ...document.members[0], role: 'leader' }] },
      { ...document, ports: document.ports.map((port) => ({ ...port, binding: undefined })) },
      {
        ...document,
        ports: document.ports.map((port) => ({
          ...port,
          targetGroup: { ...port.targetGroup, arn: document.loadBalancer?.arn },
        })),
      },
      {
        ...document,
        ports: document.ports.map((port) => ({
          ...port,
          binding: { ...port.binding, tracked: ['10.0.0.1'] },
        })),
      },
    ];
    for (const one of wrong) {
      expect(parseEnrollment(one).ok).toBe(false);
      expect(problemsOf(one)).not.toEqual([]);
    }
    expect(parseArn(document.ports[0]?.targetGroup.arn ?? '')?.kind).toBe('target-group');
  }));

test('a document of show keeps to it where no cluster owns the load balancer', async () => {
  const sandbox = await startPractice({ scenario: 'no-owner' });
  const { world } = sandbox;
  const nlbmc = (line: string) => runNlbmc(sandbox, line, { onSleep: () => world.settle() });
  try {
    const joined = await nlbmc('join web --context eks-clu1 --load-balancer shared --yes');
    expect(joined.code).toBe(0);
    const { stdout } = await nlbmc('show web --context eks-clu1 -o json');
    expect(JSON.parse(stdout)).toMatchObject({
      owner: { kind: 'none' },
      members: [{ role: 'peer' }],
    });
    expect(problemsOf(JSON.parse(stdout))).toEqual([]);
  } finally {
    await sandbox.stop();
  }
});

describe('a document of a version that knew no owner', () => {
  test('lets its cluster leave', () =>
    onStage('joined', async ({ nlbmc, sandbox, world }) => {
      const input = JSON.stringify(old((await nlbmc(SHOW)).stdout));
      const line = `leave nginx --context ${SEC} --from - --yes`;
      const onSleep = (): void => world.settle();
      expect((await runNlbmc(sandbox, line, { input, onSleep })).code).toBe(0);
      expect((await nlbmc(`verify nginx --context ${PRI}`)).code).toBe(0);
    }));

  test('lets the targets of a cluster that is gone be purged', () =>
    onStage('joined', async ({ nlbmc, sandbox, world }) => {
      const input = JSON.stringify(old((await nlbmc(SHOW)).stdout));
      loseSecondary(world);
      const line = `purge nginx --context ${PRI} --departed ${SEC} --from - --yes`;
      const onSleep = (): void => world.settle();
      const { code } = await runNlbmc(sandbox, line, { input, onSleep });
      expect(code).toBe(0);
      expect((await nlbmc(`verify nginx --context ${PRI}`)).code).toBe(0);
    }));
});
