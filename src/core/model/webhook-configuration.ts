/** An object that tells the API server to ask webhooks before it takes a change. */
export interface WebhookConfiguration {
  readonly kind: 'ValidatingWebhookConfiguration' | 'MutatingWebhookConfiguration';
  readonly name: string;
  readonly webhooks: readonly string[];
  /** One of them is asked about changes of TargetGroupBindings by that name, not by a wildcard. */
  readonly forBindings: boolean;
}
