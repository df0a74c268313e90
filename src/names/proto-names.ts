import { snake, words } from '../text/case.js';

/** Returns the name of a message, an enum or a method: `OrderLine`, `ApiKey`. Protobuf knows no initialisms. */
export function protoPascal(name: string): string {
  return words(name)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** Fields that every message of a resource has, in the order of their numbers. */
export const protoSystemFields = ['id', 'created_at', 'updated_at', 'version', 'etag'] as const;

/** The number of the first declared field; those before it are the system's, with some to spare. */
export const firstProtoNumber = 11;

/** Returns the name of a declared field, `customer_id`, and `etag_value` where the system's own is called so. */
export function protoField(field: string): string {
  const name = snake(field);
  return (protoSystemFields as readonly string[]).includes(name) ? `${name}_value` : name;
}

/** Fields of requests and answers beside the resource itself. */
const besideResource: ReadonlySet<string> = new Set(['request_id', 'update_mask', 'next_page_token']);

/** Returns the field of a request that holds a resource: `order_line`, and `request_id_resource` where that is taken. */
export function protoMember(resource: string): string {
  const name = snake(resource);
  return besideResource.has(name) ? `${name}_resource` : name;
}

/**
 * Returns the prefix of an enum's values: `STATE` for `State`. It follows from the enum's name and not from the field's,
 * as buf's linter does: `AB` for `a_b`.
 */
export function protoEnumPrefix(enumName: string): string {
  return enumName
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toUpperCase();
}

/** Returns the name of an enum's value, `STATE_PENDING`, and `STATE_UNSPECIFIED_VALUE` where zero is called so. */
export function protoEnumValue(prefix: string, value: string): string {
  const name = `${prefix}_${snake(value).toUpperCase()}`;
  return name === `${prefix}_UNSPECIFIED` ? `${name}_VALUE` : name;
}

const isLower = (character = '') => /^[a-z]$/.test(character);
const isLetter = (character = '') => /^[A-Za-z]$/.test(character);

/** Returns a name as protoc-gen-go spells it in Go: `CustomerId`, `Line_2`, `Order_State` for `Order.State`. */
export function protoGoName(name: string): string {
  let go = '';
  for (let at = 0; at < name.length; at++) {
    const character = name.charAt(at);
    if (character === '.' || character === '_') {
      if (character === '_' && (at === 0 || name[at - 1] === '.')) go += 'X';
      else if (!isLower(name[at + 1])) go += '_';
      continue;
    }
    go += isLetter(name[at - 1]) ? character : character.toUpperCase();
  }
  return go;
}

/** Methods of every generated message. */
const messageMethods = [
  'Reset',
  'String',
  'ProtoMessage',
  'Marshal',
  'Unmarshal',
  'ExtensionRangeArray',
  'ExtensionMap',
  'Descriptor',
];

/**
 * Returns the Go fields of a message, in the order of its fields: as protoc-gen-go names them, with a `_` behind what
 * another field, its getter or a method has taken.
 */
export function protoGoFields(
  fields: readonly { readonly name: string; readonly optional: boolean }[],
): readonly string[] {
  const used = new Map(messageMethods.map((name) => [name, true]));
  const unique = (wanted: string, hasGetter: boolean): string => {
    let name = wanted;
    while (used.get(name) || (hasGetter && used.get(`Get${name}`))) name += '_';
    used.set(name, true);
    used.set(`Get${name}`, hasGetter);
    return name;
  };
  return fields.map(({ name, optional }) => {
    const go = unique(protoGoName(name), true);
    // Presence is a oneof of one field inside.
    if (optional) unique(protoGoName(`_${name}`), false);
    return go;
  });
}
