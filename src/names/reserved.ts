import { packageNames } from './packages_gen.js';

/**
 * Names that a service's own names must not take in Go. A name of the manifest that would is changed by a fixed rule
 * (see `go-names.ts`), never refused: the person cannot know what templates use.
 */

function wordSet(...lines: string[]): ReadonlySet<string> {
  return new Set(lines.join(' ').split(' '));
}

/** Go's keywords. Source: the language specification, "Keywords". */
export const keywords = wordSet(
  'break case chan const continue default defer else fallthrough for func go goto if import interface map package',
  'range return select struct switch type var',
);

/** Source: the language specification, "Predeclared identifiers". */
const predeclared = wordSet(
  'any append bool byte cap clear close comparable complex complex128 complex64 copy delete error false float32',
  'float64 imag int int16 int32 int64 int8 iota len make max min new nil panic print println real recover rune',
  'string true uint uint16 uint32 uint64 uint8 uintptr',
);

/** Names under which generated files import packages that are not the service's own. */
const importedPackages = wordSet(
  'attribute base64 binary bson bufio bytes cmp codes config context crypto decimal driver embed emptypb errors exec',
  'filepath flag fmt fs gin goose grpc hash hex http httptest io json jsontext maps math metric metrics',
  'mongo mysql net netip noop openapi3 os otel path pprof prometheus propagation rand reflect regexp resource',
  'runtime sha256 signal slices slog sort sql strconv strings sync syscall testing time timestamppb trace tracing',
  'unicode url utf8 uuid yaml',
);

/** Folders that a service may have beside its resources', and the packages that it copies. */
const ownPackages = new Set([
  ...wordSet('app contract events main migrations openapi pb platform rest rpc store tasks'),
  ...packageNames,
]);

/** Folder names that mean something to the Go tool, and file names beside a resource's own. */
const specialFolders = wordSet('init internal testdata vendor enums errors query routes service contract test');

/** Local variables and parameters beside which generated code uses a resource's package. One letter is always one. */
const locals = wordSet(
  'action after again all allowed answer api args body callers cfg change check command commands created ctx current db details diff edit effect',
  'conn element encoded err etag field filter first foreign found got handlers id ids increment kept key last later',
  'list mask matches name next now object ok other page patch query refusal refused register request role row rule second',
  'server source step steps task tests token tt tx unit',
  'untouched updated use value version versions want wg where writers',
);

/** Names of Go packages that a resource's package may not have. */
export const takenPackages: ReadonlySet<string> = new Set([
  ...keywords,
  ...predeclared,
  ...importedPackages,
  ...ownPackages,
  ...specialFolders,
  ...locals,
]);

/** Unexported names that a variable may not have. */
export const takenVariables: ReadonlySet<string> = new Set([
  ...keywords,
  ...predeclared,
  ...importedPackages,
  ...ownPackages,
  ...locals,
]);

/** Short names that a receiver may not have: other short variables, and words that read as something else. */
export const takenReceivers: ReadonlySet<string> = new Set([
  ...takenVariables,
  ...wordSet('a b c d e f g h i k n q r s t v w x as at do er go if in is it my of on or to'),
]);

/** Exported names of a resource's package and of its test package beside the resource's own type and its enums. */
export const domainNames = wordSet(
  'Announce AnyVersion DefaultDetails Details ErrNotFound ErrStale Filter FromDetails Largest Main New NewService NewStore OtherDetails Position Smallest',
  'Problem Query Service SortKey Store',
);

/** Exported names of the events' package beside the resources' own. */
export const eventNames = wordSet('Inbox Subscriptions Topics UseCases');

/** Methods of the aggregate: a struct's field may not share their names. */
export const aggregateMethods = wordSet('Details Position Revise');

/** Names that the domain's tests have after `Test`: no action's method may have them. */
export const domainTests = wordSet(
  'CreateAnnounces New NewNamesEveryViolation NewRefuses RefusedUseCaseAnnouncesNothing Revise ReviseRefuses UseCasesAnnounceWhatTheyDid',
);

/** Exported names of the package of messages, and of the tests of the tasks: no payload's type may have them. */
export const messageNames = wordSet('Event HandlersFit Kind Message Task Unit');

/** Methods of a task's payload. */
export const messageMethods = wordSet('Message');

/** Files of the package of the tasks beside one for each task. */
export const taskFiles = wordSet('tasks');

/** Fields of what has a method for each task. */
export const taskHandlers = wordSet('log use');

/** Names of standard operations, and how HTTP calls them: no action may have one of these names. */
export const operationNames = wordSet('create get list update delete replace patch');

/** Unexported methods of a REST handler beside the operations. */
export const handlerMethods = wordSet('act routes');

/** Tables that the platform keeps beside the resources'. */
export const platformTables = wordSet('goose_db_version inbox once_keys outbox outbox_leases schema_migrations');

/** Query parameters of every list. */
export const listParameters = wordSet('order_by page_size page_token');
