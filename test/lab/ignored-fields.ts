/**
 * All that is not compared between the worlds: what no two runs have in common. Everything else is.
 * Names, addresses and ports are not ignored but replaced by their roles (roles.ts).
 */

/** Fields of Kubernetes objects and of nlbmc's reports, wherever they are. */
export const ignoredFields: ReadonlySet<string> = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'managedFields',
  // Hashes over uids and times.
  'elbv2.k8s.aws/checkpoint',
  'elbv2.k8s.aws/checkpoint-timestamp',
  // When something was read or written.
  'at',
  // The port of an API server.
  'server',
  // Drawn anew for each request (AWS).
  'ClientToken',
]);

/** Parts of texts, and what stands in their place. */
export const ignoredTexts: readonly { readonly pattern: RegExp; readonly instead: string }[] = [
  { pattern: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, instead: '<time>' },
  // The age of an event in a finding.
  { pattern: /\b\d+[smhd] ago\b/g, instead: '<age> ago' },
  { pattern: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, instead: '<uid>' },
  { pattern: /\bresourceVersion[":= ]+"?\d+"?/g, instead: '<resourceVersion>' },
  // The controller's name for a target group, with a hash over the uid of its Service, that is gone since.
  { pattern: /\bk8s-[a-z0-9]{1,8}-[a-z0-9]{1,8}-[0-9a-f]{10}\b/g, instead: '<group>' },
  // AWS numbers them as they come, and other scenarios of the world have some, too.
  { pattern: /(?<=\btargetgroup\/[^/\s"]+\/)[0-9a-f]{16}\b/g, instead: '<id>' },
  { pattern: /(?<=\blistener )[0-9a-f]{16}\b/g, instead: '<id>' },
  { pattern: /(?<=\blistener\/net\/[^/\s"]+\/)[0-9a-f]{16}\/[0-9a-f]{16}\b/g, instead: '<id>' },
  // Where a webhook listens: the lab has no Services, so its configurations name an address.
  { pattern: /(?<=Post ")https:\/\/[^/"]+/g, instead: '<webhook>' },
  { pattern: /dial tcp( [\d.]+:\d+)?(?=: connect)/g, instead: 'dial tcp <webhook>' },
  { pattern: /https?:\/\/127\.0\.0\.1:\d+/g, instead: '<server>' },
];

/**
 * A finding about several targets names the first of them in `about`: which that is depends on the
 * order of an EndpointSlice, and its controller keeps none (k8s.io/endpointslice, reconciler.go).
 */
export const namesOneOfSeveral = (problem: Readonly<Record<string, unknown>>): boolean =>
  Array.isArray(problem['details']) && problem['details'].length > 1 && 'about' in problem;

/** Texts in lists that one world may have and the other not: of the same reporter as below. */
export const ignoredItems: readonly RegExp[] = [/^Warning ClusterIPNotAllocated /];

/**
 * Of an event about a pass that was cut off, since its process ended: one that fails is tried again and again
 * (controller-runtime cancels the context of all passes when it ends, pkg/manager/internal.go).
 */
export const ignoredMessages = /\bcontext canceled\b/;

/** Who tells of something else than the controller, whenever its own round comes by. */
export const ignoredReporters: ReadonlySet<string> = new Set([
  // kube-apiserver repairs an address that a Service got this moment
  // (kubernetes, pkg/registry/core/service/ipallocator/controller/repairip.go).
  'ipallocator-repair-controller',
]);
