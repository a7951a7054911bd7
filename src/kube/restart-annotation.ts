/**
 * On the template of a Deployment's pods: a new value makes new pods. Sent by `kubectl rollout restart`
 * (kubernetes/kubectl, pkg/polymorphichelpers/objectrestarter.go).
 */
export const restartAnnotation = 'kubectl.kubernetes.io/restartedAt';
