/**
 * Words that Go writes in capitals. Source: the default list of staticcheck's ST1003, which golangci-lint applies to
 * the generated code.
 */
const initialisms = new Set(
  (
    'acl amqp api ascii cpu css db dns eof gid guid html http https id ip json qps ram rpc rtp sip sla smtp sql ssh ' +
    'tcp tls ts ttl udp ui uid uri url utf8 uuid vm xml xmpp xsrf xss'
  ).split(' '),
);

/** Returns the capitals that Go style wants for a lower-case word, `ID` for `id` and `IDs` for `ids`, if any. */
export function initialism(word: string): string | undefined {
  if (initialisms.has(word)) return word.toUpperCase();
  const stem = word.slice(0, -1);
  return word.endsWith('s') && initialisms.has(stem) ? `${stem.toUpperCase()}s` : undefined;
}
