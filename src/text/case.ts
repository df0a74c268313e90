import { initialism } from './initialisms.js';

/** Returns the words of a kebab-case or snake_case name. */
export function words(name: string): readonly string[] {
  return name.split(/[-_]+/).filter((word) => word !== '');
}

/** Returns `order-line` for `order_line`. */
export function kebab(name: string): string {
  return words(name).join('-');
}

/** Returns `order_line` for `order-line`. */
export function snake(name: string): string {
  return words(name).join('_');
}

/** Returns `ORDER_LINE` for `order-line`. */
export function screaming(name: string): string {
  return snake(name).toUpperCase();
}

/** Returns the exported Go name: `CustomerID` for `customer_id`. */
export function pascal(name: string): string {
  return words(name).map(capital).join('');
}

/** Returns the unexported Go name: `customerID` for `customer_id`, `idCard` for `id_card`. */
export function camel(name: string): string {
  const [first = '', ...rest] = words(name);
  return first + rest.map(capital).join('');
}

/** Returns the name as prose: `customer ID` for `customer_id`. */
export function prose(name: string): string {
  return words(name)
    .map((word) => initialism(word) ?? word)
    .join(' ');
}

/** Returns the indefinite article that goes before some prose: `an` for `order`, `a` for `user`. */
export function article(text: string): 'a' | 'an' {
  const [word = ''] = text.split(' ');
  if (word === word.toUpperCase() && initialism(word.toLowerCase())) return /^[AEFHILMNORSX]/.test(word) ? 'an' : 'a';
  if (/^(hour|honou?r|honest|heir)/.test(word)) return 'an';
  return /^([aeio]|u(?!ni|s[aeiu]|tili|rani|topi))/.test(word) ? 'an' : 'a';
}

function capital(word: string): string {
  return initialism(word) ?? word.charAt(0).toUpperCase() + word.slice(1);
}
