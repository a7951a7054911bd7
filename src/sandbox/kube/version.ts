/** The Kubernetes version that servers and nodes tell: one within reach of kubectl 1.31 to 1.33. */
export const KUBERNETES_VERSION = 'v1.32.9-eks-113cf36';
