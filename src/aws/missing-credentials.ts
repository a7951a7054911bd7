/** No credentials, and the first cause of it in a sentence without its end. */
export class MissingCredentials extends Error {
  override readonly name = 'MissingCredentials';
}
