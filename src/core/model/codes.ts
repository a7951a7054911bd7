/**
 * Every code a Problem can carry, with its title: a sentence that is true when all is well.
 * A code is also the id of its check and an anchor in docs/checks.md, and is never reused.
 */
export const codes = {
  // Usage and configuration (exit 2)
  usage: 'The command line can be understood',
  'not-a-terminal': 'A question can be asked, or was answered by a flag',
  'kubeconfig-unreadable': 'The kubeconfig can be read',
  'context-unknown': 'The context is in the kubeconfig',
  'plugin-failed': 'The credential plugin of the kubeconfig returns a token',
  'credentials-refused': 'The API server accepts the credentials',
  'aws-credentials-missing': 'AWS credentials are found',
  'aws-credentials-refused': 'AWS accepts the credentials',

  // Reading (exit 8 where the fact is needed)
  'api-unreachable': 'The Kubernetes API answers',
  'api-forbidden': 'The person may do what the command needs',
  'api-error': 'The Kubernetes API answers without an error',
  'api-throttled': 'The Kubernetes API is not overloaded',
  'object-missing': 'The object exists',
  'object-changed': 'The object is as it was when the plan was made',
  'crd-missing': 'The cluster has the CRD of TargetGroupBindings',
  'aws-unreachable': 'AWS answers',
  'aws-denied': 'The AWS identity may do what the command needs',
  'aws-throttled': 'AWS is not throttling',
  'aws-error': 'AWS answers without an error',
  'aws-not-found': 'The AWS resource exists',
  'answer-malformed': 'The answer has the shape it should have',

  // The Service, its bindings and the owner of the load balancer
  'service-missing': 'The Service exists',
  'service-not-lbc': 'The Service is served by the AWS Load Balancer Controller',
  'service-terminating': 'The Service is not being deleted',
  'bindings-missing': 'The controller has made bindings for the Service',
  'attributes-malformed': 'The attributes annotation can be parsed by the controller',
  'flag-malformed': 'The multi-cluster annotation is true or false',
  'protocol-unsupported': 'The protocol is one that this version handles',
  'type-unsupported': 'The load balancer and target groups have types that this version handles',
  'port-missing': 'The local Service has every port that the other clusters serve',
  'owner-unlisted': 'The cluster that owns the load balancer is listed',
  'owner-disputed': 'The tags of the load balancer name the one Service that claims it',
  'several-load-balancers': 'All target groups belong to one load balancer',
  'owner-elsewhere': 'No other cluster owns the load balancer',
  'owner-not-service': 'A Service owns the load balancer, or no cluster does',
  'managed-elsewhere': 'No other tool overwrites the annotations',

  // Handing over
  'owner-strays': 'The new owner has made no load balancer or target group of its own',
  'verify-not-green': 'verify is green, but for who owns the load balancer',
  'release-reverted': 'The Service stays released',
  'handover-unproven': 'What a handover relies on has been seen in AWS',
  'group-unknown': 'The security group of the new owner is known',

  // The controller
  'field-stripped': 'The cluster and its controller keep the field multiClusterTargetGroup',
  'controller-missing': 'The controller is running',
  'controller-too-old': 'The controller supports multi-cluster target groups',
  'support-unproven': 'Support for multi-cluster is proven',
  'webhook-unreachable': 'The controller answers admission requests',
  'admission-denied': 'Admission accepts the object',
  'flavour-unverified': 'The kind of controller has been tested with this version',
  'registration-denied': 'AWS allows the controller to register its targets',

  // Enabling
  'rollout-in-progress': 'No rollout is going on',
  'targets-would-leak': 'No own target would leak',
  'foreign-targets': 'No foreign target is registered before the flag is on',
  'leftover-tracked-targets': 'No leftover ConfigMap lists registered targets',
  'tracking-stale': 'The controller tracks what it registered',
  'tracking-collision': 'The controller keeps the tracked targets of every binding apart',

  // Joining
  'primary-not-enabled':
    'The bindings of the enrolled cluster are multi-cluster and track their targets',
  'evidence-outdated': 'The document of --from is recent',
  'evidence-differs': 'AWS still agrees with the document of --from',
  'sharing-recorded': 'Every enrolled cluster was read in this run',
  'binding-exclusive': 'No binding on the target group is exclusive',
  'same-cluster': 'The contexts lead to different clusters',
  'same-cluster-name': 'The controllers have different cluster names',
  'port-unserved': 'The load balancer has a listener for every port',
  'listener-weighted': 'Each listener forwards to one target group',
  'not-on-load-balancer': 'The target groups belong to the load balancer that was named',
  'interface-groups-unclear': 'The controller finds one security group on each network interface',
  'source-ranges-unnamed': 'It is known which addresses may connect',
  'binding-conflict': 'The local binding is the only one, and is for this Service and port',
  'binding-differs': 'The binding is as nlbmc would write it',
  'binding-name-taken': 'The name for the binding is free and short enough',
  'field-conflict': 'No other manager owns the fields that would be written',
  'type-mismatch': 'The target type fits the Service type',
  'family-mismatch': 'The address families fit',
  'protocol-mismatch': 'The protocols fit',
  'target-ports-differ': 'Both protocols of a target group reach one port',
  'wrong-region': 'The target group is in the required region',
  'wrong-account': 'The target group is in the account of the credentials',
  'account-unsupported': 'The cluster is in the account of the target group',
  'target-limit': 'The limits of AWS and of the controllers leave room for the new targets',
  'target-limit-near': 'The new targets stay well below every limit',
  'vpc-unsupported': 'The endpoints can be registered from their VPC',
  'vpc-overlap': 'The VPCs of the endpoints and of the target group have no address in common',
  'vpc-not-peered': 'The VPC of the endpoints is connected with that of the target group',
  'security-group-full': 'The security groups have room for the rules of the controller',
  'overlapping-addresses': "No endpoint has the address of another cluster's target",
  'no-endpoints': 'There is at least one eligible endpoint',
  'zone-not-served': 'The load balancer serves the zones of the endpoints',
  'health-check-node-port': 'The health check port is the same in every cluster',
  'health-check-http': 'Health checks need a connection only',
  'proxy-protocol': 'The target groups send no proxy protocol header',
  'peer-not-attached': 'Every security group that the rules name is on the load balancer',
  'node-selector-empty': 'The node selector selects a local node',

  // Replacing
  'replacement-unproven': 'The new cluster serves as verify requires',

  // Repairing
  'repair-harmful': "No repair would deregister another cluster's target",
  'repair-unproven': "Every target that a repair releases is proven to be the cluster's own",

  // The verdict
  'member-missing': 'The cluster has a binding on every port',
  'reconcile-failed': 'The controller reconciles the Service without an error',
  'binding-terminating': 'No binding is being deleted',
  'endpoint-untracked': 'Every eligible endpoint is tracked',
  'endpoint-unregistered': 'Every eligible endpoint is registered',
  'security-group-closed': 'The security groups let the load balancer reach the targets',
  'target-unhealthy': 'Every registered target is healthy',
  'controller-stalled': 'Every controller acts on what has changed',
  'target-converging': 'No target is on its way in',
  'rollout-stuck': 'Every rollout can complete',
  'rollout-unseen': 'Every pod behind the Service belongs to a Deployment',
  'binding-stale': 'The target group of every binding exists',
  'endpoint-gone': 'No target stays registered without its endpoint',
  'networking-stale': 'The rules of every binding open the port of its targets',
  'attributes-not-applied': 'AWS has the attributes that the Service requires',
  'cluster-name-differs': 'The load balancer has the cluster name of its controller',
  'zone-shifted': 'No zone is shifted away',
  'load-balancer-impaired': 'The load balancer is active',
  'below-minimum': 'Every cluster has enough healthy targets',
  'target-unclaimed': 'Every target is tracked by a listed cluster',
  'target-contested': 'No target is tracked by two bindings',
  'deletion-unprotected': 'Deletion protection is on',

  // Leaving
  'leaving-primary': 'The cluster that leaves is not the primary',
  'below-floor': 'Enough healthy targets stay on every port and in every zone',
  'controller-running': 'No controller is running that would deregister the targets itself',
  'binding-not-ours': 'Every binding that is deleted was made by nlbmc',
  'service-not-ours': 'The Service to delete is one that nlbmc made',
  'service-in-use': 'No other binding refers to the Service to delete',
  'dns-owner': 'No DNS record depends on the Service to delete',
  'still-bound': 'The Service is bound only to the target groups that were named',
  'target-groups-unnamed': 'The target groups to leave are known',

  // Handing over
  'service-differs': 'The Service of the new owner makes the same load balancer',
  'other-load-balancer': 'The Service of the new owner has no other load balancer',
  'stack-taken': 'Nothing else in AWS has the tags of the new owner',
  'release-unsafe': 'The controller leaves a Service alone that is released',
  'cleanup-finalizer': 'The cloud controller manager has no load balancer for the Service',
  'several-controllers': 'One controller runs in each cluster',
  'controller-differs': 'Both controllers make the same of the same annotations',
  'feature-gate-unsupported': 'The feature gates of the controllers allow a handover',
  'tls-policy-differs': 'The TLS policy of the listeners stays',
  'backend-group-off': 'The new owner has a backend security group',
  'auto-mode-unsupported': 'The open-source controller manages both Services',
  'traffic-policy-local': 'Every node takes connections for the pods of all nodes',
  'old-answers': 'The cluster that is lost is gone',
  'tags-removed': 'The new owner keeps every tag',
  'controller-single': 'Webhooks answer while the controller restarts',
  'backend-group-held': 'Nothing else needs the backend security group of the former owner',

  // Traffic
  'listener-missing': 'The load balancer listens on every port of the Service',
  'traffic-excessive': 'The number of connections is acceptable',
  'traffic-failed': 'Connections through the load balancer are answered',
  'traffic-missing': 'Every cluster with healthy targets answers connections',
  'traffic-skewed': 'Every cluster answers its expected share of the connections',
  'traffic-fail-open': 'Connections go to healthy targets only',
  'traffic-unidentified': 'Every answer identifies its cluster',
  'traffic-unwatched': 'Connections were opened as long as the command ran',
  'traffic-untried': 'Connections can try every listener',

  // Disabling
  'cluster-enrolled': 'No other cluster is enrolled',
  'unlisted-members': 'Every cluster that may be enrolled was listed',
  'targets-of-others': 'No target of another cluster is registered',
  'deletion-allowed': 'Deleting the Service is still refused',
  'tracking-left-over': 'No ConfigMap of tracked targets exists without a binding',

  // Purging
  'target-serving': 'No unclaimed target serves',
  'target-owned-elsewhere': 'No unclaimed target is held by a cluster that was not listed',
  'owner-unknown': 'It is known who has the address of every unclaimed target',

  // Ends
  'timed-out': 'The required state was reached in time',
  'partly-done': 'Every step was done',
  declined: 'The question was answered with yes',
  interrupted: 'The command ran to its end',
  defect: 'nlbmc works as it should',
} as const;

export type Code = keyof typeof codes;
