import { keywords } from '../../names/reserved.js';
import { camel, pascal } from '../../text/case.js';

/** Returns an exported Go name for any name of a document: `OrderID` for `order_id`, `orderId` and `order-id`. */
export function goName(name: string): string {
  const go = pascal(wordsOf(name));
  return /^[A-Z]/.test(go) ? go : `Value${go}`;
}

/** What a method of the client has beside its arguments. */
const takenArguments = new Set([
  'ctx',
  'c',
  'body',
  'params',
  'request',
  'err',
  'context',
  'http',
  'url',
  'time',
  'uuid',
  'json',
  'httpclient',
]);

/** Returns the name of an argument for a parameter of the path. */
export function goArgument(name: string): string {
  const go = camel(wordsOf(name));
  if (!/^[a-z]/.test(go)) return `value${go}`;
  return keywords.has(go) || takenArguments.has(go) ? `${go}Value` : go;
}

/** Returns words with dashes between: camel case, dots and spaces are taken apart. */
function wordsOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .toLowerCase();
}
