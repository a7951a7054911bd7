import { known } from '../../../src/core/model/problem.ts';
import type { SiblingAnswer } from '../../../src/core/model/sibling-answer.ts';
import { verdictOf } from '../../../src/core/verify/verify.ts';
import { type ClusterBuilder, service } from '../cluster-builder.ts';
import { typed } from '../typed.ts';
import {
  codesOf,
  enabledPrimary,
  joinedSecondary,
  observed,
  primaryTargets,
  secondaryTargets,
  unreadable,
} from '../world.ts';

const intent = { service, minHealthy: 1, knownTargets: [], allowUnprotected: false };

const seen = (sec: ClusterBuilder, acceptUnread = false) =>
  verdictOf(
    observed({
      clusters: [enabledPrimary(), sec],
      targets: { 80: [...primaryTargets, ...secondaryTargets] },
    }),
    { ...intent, acceptUnread },
  );

/** The secondary in sight of one namespace, with what its controller's webhook answers. */
const narrow = (answer: SiblingAnswer): ClusterBuilder =>
  joinedSecondary().with({
    bindingsScope: 'namespace',
    narrowFlavours: ['lbc'],
    siblings: { 'default/nginx': known(answer) },
  });

const accepted = narrow({ kind: 'accepted', heard: true });
const refusing = (...names: readonly string[]): ClusterBuilder =>
  narrow({
    kind: 'refused',
    bindings: names.map((text) => {
      const [namespace = '', name = ''] = text.split('/');
      return { namespace, name };
    }),
  });
const older = accepted.controller({ version: '3.4.0' });

const green = { exit: 0, state: 'ready', codes: [], skips: [], partial: false };
const unknown = { exit: 8, state: 'unknown', codes: ['api-forbidden'], partial: false };
const said = (sec: ClusterBuilder) => {
  const { exit, state, problems, skips, partial = false } = seen(sec);
  return { exit, state, codes: codesOf(problems), skips, partial };
};

describe('an acceptance', () => {
  test('of a controller that looks for other bindings in all namespaces proves that there is none', () => {
    expect(said(accepted)).toEqual(green);
    // Before 3.5.0 a binding elsewhere may share its record, but only if the names can be cut elsewhere.
    expect(said(older)).toEqual(green);
  });

  test.each<[string, ClusterBuilder]>([
    ['where no webhook was called', narrow({ kind: 'accepted', heard: false })],
    ['of a controller without that check', accepted.controller({ version: '2.11.0' })],
    ['of a controller whose version is not known', accepted.controller({ version: 'main' })],
    ['of a controller that may not be read', accepted.with({ controller: unreadable() })],
    [
      'of a controller that was not found',
      accepted.with({ controller: known({ deployments: [] }) }),
    ],
    ['of a controller of one namespace', accepted.controller({ watchNamespace: 'default' })],
    [
      'beside a second, older controller',
      accepted.with({
        controller: known({
          deployments: [accepted, older.controller({ version: '2.10.0' })].flatMap(({ view }) =>
            view.controller.ok ? view.controller.value.deployments : [],
          ),
        }),
      }),
    ],
    ['where nobody was asked', accepted.with({ siblings: {} })],
    [
      'where it may not be asked for',
      accepted.with({ siblings: { 'default/nginx': unreadable() } }),
    ],
    [
      'where an older controller may confuse it with a binding out of sight',
      older
        .editBindings({ name: 'nginx-80' })
        .tracks('nginx-80', secondaryTargets.join(','))
        .with({ siblings: { 'default/nginx-80': known({ kind: 'accepted', heard: true }) } }),
    ],
  ])('%s proves nothing', (_, sec) => {
    expect(said(sec)).toMatchObject(unknown);
    expect(seen(sec, true)).toMatchObject({ exit: 0, partial: true });
  });

  test('that proves nothing says why', () => {
    const { problems } = seen(accepted.controller({ watchNamespace: 'default' }));
    expect(problems[0]?.details).toEqual([
      'aws-load-balancer-controller of sec sees namespace default only.',
    ]);
  });
});

describe('a refusal', () => {
  test('proves an exclusive binding, names it, and no option makes it green', () => {
    const { exit, problems } = seen(refusing('other/old'));
    expect(exit).toBe(3);
    expect(problems).toMatchObject([
      {
        code: 'binding-exclusive',
        about: { cluster: 'sec', binding: { namespace: 'other', name: 'old' } },
      },
    ]);
    expect(typed(problems[0])).toContain(
      'kubectl --context sec -n other patch targetgroupbinding.elbv2.k8s.aws',
    );
    expect(seen(refusing('other/old'), true).exit).toBe(3);
  });

  test('of any controller does', () => {
    expect(said(refusing('other/old').with({ controller: unreadable() })).codes).toEqual([
      'binding-exclusive',
    ]);
  });

  test('that lists several says that one of them is', () => {
    const { problems } = seen(refusing('other/old', 'third/old'));
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^At least one of other\/old and third\/old in sec is exclusive/),
    ]);
  });

  test('for a binding that nlbmc may read is told once, by that binding', () => {
    const exclusive = refusing('default/by-hand').binding({
      name: 'by-hand',
      multiCluster: false,
      serviceName: 'nginx',
    });
    const codes = said(exclusive.tracks('by-hand', undefined)).codes;
    expect(codes.filter((code) => code === 'binding-exclusive')).toHaveLength(1);
    expect(codes).not.toContain('api-forbidden');
  });

  test('that names only bindings which share proves nothing', () => {
    expect(said(refusing('default/nginx'))).toMatchObject(unknown);
  });
});
