import type { GoPackage, GrpcProbe } from './grpc-contract.js';

/** What the text of a .proto file says about itself. The compiler checks the rest. */
export interface ProtoFacts {
  /** Empty: the file has none. */
  readonly package: string;
  readonly imports: readonly { readonly path: string; readonly line: number; readonly column: number }[];
  readonly services: readonly {
    readonly name: string;
    readonly probe?: GrpcProbe;
  }[];
}

/** Returns what the text says. Comments say nothing, and neither do strings but those of imports. */
export function protoFacts(text: string): ProtoFacts {
  const code = withoutComments(text);
  const declared = /(?:^|[;}\s])package\s+([\w.]+)\s*;/.exec(withoutStrings(code))?.[1] ?? '';
  return {
    package: declared,
    imports: [...code.matchAll(/(?<=^|[;}\s])import\s+(?:public\s+|weak\s+)?(["'])([^"'\n]+)\1\s*;/g)].map((found) => ({
      path: found[2] ?? '',
      ...placeAt(text, found.index),
    })),
    services: servicesOf(withoutStrings(code)),
  };
}

/** Returns the text with the option go_package set to where the Go lies. Nothing else changes. */
export function withGoPackage(text: string, { path, name }: GoPackage): string {
  const option = `option go_package = "${path};${name}";`;
  const code = withoutComments(text);
  const old = /(?<=^|[;}\s])option\s+go_package\s*=\s*(["'])[^"'\n]*\1\s*;/.exec(code);
  if (old) return text.slice(0, old.index) + option + text.slice(old.index + old[0].length);
  const before = [...code.matchAll(/(?<=^|[;}\s])(?:syntax|edition|package)\b[^;]*;/g)].at(-1);
  const end = before ? (before.index ?? 0) + before[0].length : 0;
  return `${text.slice(0, end)}${end > 0 ? '\n\n' : ''}${option}${end > 0 ? '' : '\n\n'}${text.slice(end)}`;
}

function servicesOf(code: string): ProtoFacts['services'] {
  const messages = new Set([...code.matchAll(/(?<=^|[;}\s])message\s+(\w+)/g)].map(([, name]) => name));
  return [...code.matchAll(/(?<=^|[;}\s])service\s+(\w+)\s*\{/g)].map((found) => {
    const body = blockFrom(code, found.index + found[0].length);
    const calls = body.matchAll(
      /\brpc\s+(\w+)\s*\(\s*(stream\s+)?([\w.]+)\s*\)\s*returns\s*\(\s*(stream\s+)?([\w.]+)\s*\)/g,
    );
    const unary = [...calls].filter(([, , sends, , receives]) => !sends && !receives);
    const probes = unary.map(([, method = '', , request = '', , answer = '']) => ({ method, request, answer }));
    const probe = probes.find(({ request, answer }) => messages.has(request) && messages.has(answer));
    return { name: found[1] ?? '', ...(probe && { probe }) };
  });
}

/** Returns what is between a brace, behind which the text begins, and the one that closes it. */
function blockFrom(code: string, start: number): string {
  let depth = 1;
  for (let at = start; at < code.length; at++) {
    if (code[at] === '{') depth++;
    if (code[at] === '}') depth--;
    if (depth === 0) return code.slice(start, at);
  }
  return code.slice(start);
}

const commentOrString = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;

/** Comments become as many spaces, so that places stay. */
function withoutComments(text: string): string {
  return text.replace(commentOrString, (found) => (found.startsWith('/') ? blank(found) : found));
}

function withoutStrings(code: string): string {
  return code.replace(commentOrString, blank);
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

function placeAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
