import type { PolicyRule } from '../../src/sandbox/kube/cluster/rbac.ts';
import { readPage } from './pages.ts';

const GROUPS: Readonly<Record<string, string>> = {
  targetgroupbindings: 'elbv2.k8s.aws',
  endpointslices: 'discovery.k8s.io',
  deployments: 'apps',
  leases: 'coordination.k8s.io',
  customresourcedefinitions: 'apiextensions.k8s.io',
  validatingwebhookconfigurations: 'admissionregistration.k8s.io',
  mutatingwebhookconfigurations: 'admissionregistration.k8s.io',
};

/** The rights that a column of a table of docs/rights.md names, as the rules of a Role. */
export function rulesOf(heading: string, column: number, words: readonly string[]): PolicyRule[] {
  const section = readPage('docs/rights.md').split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = [...section.matchAll(/^\| (\w+) ([\w/]+) \|(.*)\|$/gm)];
  const rules = rows.flatMap(([, verb = '', resource = '', cells = '']) =>
    words.includes(cells.split('|')[column]?.trim() ?? '')
      ? [
          {
            verbs: [verb],
            apiGroups: [GROUPS[resource.split('/')[0] ?? ''] ?? ''],
            resources: [resource],
          },
        ]
      : [],
  );
  if (rules.length === 0) throw new Error(`docs/rights.md has no rights in "${heading}"`);
  return rules;
}
