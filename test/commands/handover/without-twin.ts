import type { Code } from '../../../src/core/model/codes.ts';

/** Why a check has no twin, and what happens without it: no target is lost that the practice world could show. */
export const withoutTwin: Partial<Readonly<Record<Code, string>>> = {
  'same-cluster':
    'Released and taken on by one and the same controller: nothing changes hands, and the report would say that it did.',
  'same-cluster-name':
    'All tags stay as they are, so nothing is lost at once. Afterwards no tag says who owns the load balancer, and a Service of OLD that comes back takes it. In the practice world a cluster has one name.',
  'account-unsupported':
    'The same as in another VPC, which has a twin: NEW’s controller does not find the load balancer. The practice world is one account.',
  'auto-mode-unsupported':
    'EKS does not say by which tags its controller finds a load balancer, and nobody can restart it: there is nothing that could be played.',
  'service-missing': 'There is no object to patch: the first write fails, and nothing has changed.',
  'cleanup-finalizer':
    'The cloud controller manager deletes the load balancer that it made for the Service, which is another one. There is none in the practice world.',
  'feature-gate-unsupported':
    'With EnableRGTAPI=true, tags are read from another API, later than nlbmc reads them: the harm is that of a controller that was not restarted (controller-paused). With one of the other gates off, no cluster owns the load balancer afterwards (backend-group-off).',
  'zone-shifted':
    'No target is lost by it. While a zone comes back, targets change by themselves, and a run could not tell whether the handover changed them.',
  'old-answers':
    'OLD’s controller finds no load balancer with its tags, and stops at the name of the group for clients (test/sandbox/handover/others.test.ts): no target is lost. That it acts at all is for a person to accept.',
  'dns-owner':
    'external-dns deletes the record of the load balancer with OLD’s Service: every client loses the name, and no target is lost. There is no external-dns in the practice world.',
  'controller-single':
    'While the only replica restarts, the webhooks of the cluster refuse new pods and Services: a person waits, and nothing that is there changes.',
  'backend-group-held':
    'The deletion of another Service of OLD does not end until the handover is finished (test/sandbox/handover/others.test.ts): a person waits.',
};
