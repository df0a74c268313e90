import { type ContractFile, ContractProblem } from '../contract.js';
import type { Found } from '../contract-files.js';
import { protoFacts, withGoPackage } from './proto-text.js';

/** A gRPC API as its client needs it. */
export interface GrpcContract {
  readonly services: readonly GrpcService[];
  /** The Go packages of its .proto files that have a service, each once. */
  readonly packages: readonly GoPackage[];
  /** A method that tests can call; absent: every one is a stream or has a message of another file. */
  readonly tested?: GrpcProbe & { readonly service: string; readonly field: string; readonly package: string };
}

/** The Go package of a folder of .proto files. */
export interface GoPackage {
  readonly path: string;
  /** Name of the package and of its import: `inventoryv1`. */
  readonly name: string;
}

/** A method and its messages, as generated Go names them. */
export interface GrpcProbe {
  readonly method: string;
  readonly request: string;
  readonly answer: string;
}

/** A service of a .proto file. */
export interface GrpcService {
  /** As generated Go names it: `ItemService`. */
  readonly name: string;
  /** What a client has it as, a Go field: `Item`. */
  readonly field: string;
  /** Name of its Go package. */
  readonly package: string;
}

/**
 * Returns a gRPC contract: the .proto files, each with the option go_package of where its Go lies here, and the services
 * in them. Of a contract that is one file, only that file and what it imports is taken.
 *
 * @param goRoot Go path of the contract's folder
 * @param own proto packages of this service
 */
export function grpcContract(
  { files, only }: Found,
  goRoot: string,
  own: readonly string[],
): { readonly files: readonly ContractFile[]; readonly grpc: GrpcContract } {
  const wanted = only === undefined ? files : reached(only, files);
  refuseUnknownImports(wanted);
  const parsed = wanted.map((file) => ({ file, facts: protoFacts(file.body) }));
  for (const { file, facts } of parsed) {
    if (own.includes(facts.package))
      throw new ContractProblem(`declares package ${facts.package}, which is this service's own`, placeOf(file));
  }
  const services = parsed.flatMap(({ file, facts }) =>
    facts.services.map((service) => ({ ...service, package: goPackageOf(file, goRoot) })),
  );
  if (services.length === 0) throw new ContractProblem('has no service in its .proto files');
  const fields = fieldNames(services.map(({ name }) => name));
  const packages = new Map(services.map((each) => [each.package.path, each.package]));
  const named = services.map(({ name, package: { name: goPackage } }, index) => ({
    name: goCamel(name),
    field: fields[index] ?? name,
    package: goPackage,
  }));
  const tested = services.flatMap(({ probe }, index) =>
    probe && named[index] ? [testedBy(probe, named[index])] : [],
  )[0];
  return {
    files: wanted.map((file) => ({ path: file.path, body: withGoPackage(file.body, goPackageOf(file, goRoot)) })),
    grpc: { services: named, packages: [...packages.values()], ...(tested && { tested }) },
  };
}

function testedBy(
  { method, request, answer }: GrpcProbe,
  { name, field, package: goPackage }: GrpcService,
): GrpcContract['tested'] & {} {
  return {
    method: goCamel(method),
    request: goCamel(request),
    answer: goCamel(answer),
    service: name,
    field,
    package: goPackage,
  };
}

function placeOf({ path }: ContractFile): { file: string; line: number; column: number } {
  return { file: path, line: 0, column: 0 };
}

/** Returns the file and all that it imports, sorted. */
function reached(first: string, files: readonly ContractFile[]): readonly ContractFile[] {
  const names = new Set<string>();
  const visit = (name: string): void => {
    const file = files.find(({ path }) => path === name);
    if (!file || names.has(name)) return;
    names.add(name);
    for (const next of protoFacts(file.body).imports) visit(next.path);
  };
  visit(first);
  return files.filter(({ path }) => names.has(path));
}

/** What the compiler brings is google/protobuf; everything else must be in the contract. */
function refuseUnknownImports(files: readonly ContractFile[]): void {
  for (const file of files) {
    for (const { path, line, column } of protoFacts(file.body).imports) {
      if (path.startsWith('google/protobuf/') || files.some((other) => other.path === path)) continue;
      throw new ContractProblem(`it imports ${path}, which is not in the contract`, { file: file.path, line, column });
    }
  }
}

/** Returns the Go package of a file's folder: `…/inventory/v1` is `inventoryv1`. */
function goPackageOf({ path }: ContractFile, goRoot: string): GoPackage {
  const folders = path.split('/').slice(0, -1);
  const name = folders
    .slice(-2)
    .join('')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
  const plain = /^[a-z]/.test(name) ? name : `pb${name}`;
  return { path: [goRoot, ...folders].join('/'), name: plain };
}

/** Returns a Go field for each service: without `Service` at its end, unless two would become one. */
function fieldNames(names: readonly string[]): readonly string[] {
  const short = names.map((name) => goCamel(name.replace(/(.)Service$/, '$1')));
  return names.map((name, index) => {
    const own = short[index] ?? name;
    return short.filter((other) => other === own).length === 1 ? own : goCamel(name);
  });
}

/** Returns a name as protoc-gen-go writes it: `ItemService` for `item_service`. */
function goCamel(name: string): string {
  const joined = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return joined.charAt(0).toUpperCase() + joined.slice(1);
}
