import type { EachNode, Expression, Node, ParsedTemplate, WithNode } from './syntax.js';

/**
 * Returns the source of a JavaScript function of type `Template` that renders the template without Handlebars, byte
 * for byte as Handlebars does with `noEscape` and `strict`; only a null that is printed throws here and is empty there.
 */
export function emitRenderer({ body }: ParsedTemplate): string {
  return `(c0,k)=>{const h=k.helpers,b=k.blocks;let o="";${nodes(body)}return o}`;
}

/** Returns a property access: `.name`, or `["a-b"]` for what is no identifier. */
export function access(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

function nodes(list: readonly Node[]): string {
  return list.map(statement).join('');
}

function statement(node: Node): string {
  switch (node.kind) {
    case 'text':
      return `o+=${JSON.stringify(node.text)};`;
    case 'print':
      return `o+=${printed(node.value)};`;
    case 'if':
      return `if(${node.negated ? '!' : ''}k.truthy(${expression(node.condition)})){${nodes(node.body)}}${otherwise(node.otherwise)}`;
    case 'each':
      return each(node);
    case 'with':
      return withValue(node);
    case 'block':
      return `{const s=o;o="";${nodes(node.body)}o=s+b.${node.helper}(${['o', ...node.args.map(expression)].join(',')})}`;
    case 'slot':
      return `o+=k.slot(${JSON.stringify(node.name)},${expression(node.context)},${JSON.stringify(node.indent)});`;
  }
}

function otherwise(list: readonly Node[]): string {
  return list.length === 0 ? '' : `else{${nodes(list)}}`;
}

function each({ id, list, body, otherwise }: EachNode): string {
  const head = `const a${id}=${expression(list)},y${id}=Array.isArray(a${id})?undefined:Object.keys(a${id}),n${id}=(y${id}??a${id}).length;`;
  const loop = `for(let i${id}=0;i${id}<n${id};i${id}++){const k${id}=y${id}?y${id}[i${id}]:i${id},c${id}=a${id}[k${id}];${nodes(body)}}`;
  return `{${head}${loop}${otherwise.length === 0 ? '' : `if(n${id}===0){${nodes(otherwise)}}`}}`;
}

function withValue({ id, value, body, otherwise: empty }: WithNode): string {
  const present = `(c${id}===0||k.truthy(c${id}))`;
  return `{const c${id}=${expression(value)};if(${present}){${nodes(body)}}${otherwise(empty)}}`;
}

function printed(value: Expression): string {
  if (value.kind === 'call') return expression(value);
  return `k.print(${expression(value)},"${value.at.line}:${value.at.column}")`;
}

function expression(value: Expression): string {
  switch (value.kind) {
    case 'literal':
      return JSON.stringify(value.value);
    case 'variable':
      return value.code;
    case 'property':
      return `${expression(value.of)}${access(value.name)}`;
    case 'call':
      return `h.${value.helper}(${value.args.map(expression).join(',')})`;
  }
}
