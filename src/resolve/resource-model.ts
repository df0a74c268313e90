import type { EnumValue, Field, Literal } from './field-model.js';
import type { Names } from './names-model.js';
import type { ActionProto, ResourceProto } from './proto-model.js';

/** A field that has what others may lack. */
export type With<Part extends 'default' | 'pattern'> = Field & Required<Pick<Field, Part>>;

/** One resource: an aggregate with its table, its package and its routes. */
export interface Resource {
  /** Kebab-case name, for `__resource__` in paths. */
  readonly name: string;
  readonly names: Names;
  readonly plural: Names;
  /** Go package and folder under `internal/`, and name of Go files: `orderline`; `appresource` when that is taken. */
  readonly goPackage: string;
  /** Import path of the package. */
  readonly goImport: string;
  /** Go type of the aggregate: `OrderLine`; `ServiceResource` when the plain name is taken. */
  readonly goType: string;
  /** Plural for Go names outside the package: `OrderLines`. */
  readonly goPlural: string;
  /** Receiver and short local variable: `o`. */
  readonly receiver: string;
  readonly table: string;
  /** Columns of a row, quoted, in the order of the struct. */
  readonly columnsSQL: string;
  readonly insertSQL: string;
  readonly updateSQL: string;
  /** Asks for each unique field, in order, whether another row has the value; empty: no unique field. */
  readonly takenSQL: string;
  /** Go variables for its answer, `sku, name`, and pointers to them. */
  readonly takenVars: string;
  readonly takenScan: string;
  /** Lines of CREATE TABLE after the columns, without commas. */
  readonly tableKeys: readonly string[];
  /** Number of the migration that makes the table or the collection, among those of its store, five digits. */
  readonly migration: string;
  /** {@link Resource.table} as a quoted SQL identifier. */
  readonly tableSQL: string;
  /** Collection's path: `/v1/order-lines`. */
  readonly path: string;
  readonly store: { readonly name: 'mysql' | 'mongodb'; readonly mysql: boolean; readonly mongodb: boolean };
  readonly cache?: { readonly ttl: string; readonly ttlGo: string };
  readonly events: boolean;
  /** Its use cases return messages, which its store commits with it. */
  readonly messages: boolean;
  /** Go result of what changes an aggregate: `error`, or `([]message.Message, error)`. */
  readonly changeResult: string;
  /** What stands before the error in a return of that result: `nil, `, or nothing. */
  readonly noMessages: string;
  /** Topic of the resource's events: `orders.order.v1`. */
  readonly topic: string;
  /** What its events say; empty unless {@link Resource.events}. */
  readonly announcements: readonly Announcement[];
  /** The fields that events and other services may see: all but personal data. */
  readonly publicFields: readonly Field[];
  /** The declared fields, in the manifest's order. */
  readonly fields: readonly Field[];
  /** What a client may give on create. */
  readonly createFields: readonly Field[];
  /** What a client may change. */
  readonly updateFields: readonly Field[];
  /** What a client gives on create and cannot change. */
  readonly fixedFields: readonly Field[];
  /** What an update statement writes: all but immutable fields that no action sets. */
  readonly changingFields: readonly Field[];
  readonly outputFields: readonly Field[];
  readonly immutableFields: readonly Field[];
  readonly requiredFields: readonly Field[];
  readonly enumFields: readonly Field[];
  readonly uniqueFields: readonly Field[];
  /** Indexed and not unique. */
  readonly indexedFields: readonly Field[];
  readonly filterFields: readonly Field[];
  readonly sortFields: readonly Field[];
  readonly piiFields: readonly Field[];
  /** Fields with a default. */
  readonly defaultFields: readonly With<'default'>[];
  readonly patternFields: readonly With<'pattern'>[];
  readonly nullableFields: readonly Field[];
  /** What a create must give. */
  readonly mandatoryFields: readonly Field[];
  /** What a PUT must give. */
  readonly mandatoryUpdateFields: readonly Field[];
  /** What a PUT that leaves it out makes null. */
  readonly clearableFields: readonly Field[];
  /** JSON members of the smallest create: `"total": "1.25"`. */
  readonly smallestBody: string;
  /** JSON members of a create with the second example of every field. */
  readonly otherBody: string;
  /** JSON members of the smallest PUT, with second examples. */
  readonly smallestUpdate: string;
  readonly has: ResourceFacts;
  readonly operations: readonly Operation[];
  /** What a token needs for each operation; empty for one that does not exist. */
  readonly scopes: Readonly<Record<Operation['name'], readonly string[]>>;
  readonly actions: readonly Action[];
  readonly routes: readonly Route[];
  readonly proto: ResourceProto;
}

/** One type of event of a resource. */
export interface Announcement {
  /** Last word of the type before its version: `created`, `pay`. */
  readonly verb: string;
  /** `orders.order.created.v1` */
  readonly type: string;
  /** For a document: `An order was created.` */
  readonly summary: string;
}

/** Questions that templates ask about a resource. */
export interface ResourceFacts {
  readonly create: boolean;
  readonly get: boolean;
  readonly list: boolean;
  readonly update: boolean;
  readonly delete: boolean;
  readonly actions: boolean;
  /** Create, update, delete or an action exists. */
  readonly writes: boolean;
  /** Update, delete or an action exists: something reads and then writes one row. */
  readonly changes: boolean;
  /** Create or an action exists: what an Idempotency-Key protects. */
  readonly onceKeys: boolean;
  /** Delete or an action exists: requests that may say which version they mean. */
  readonly mayMatch: boolean;
  /** Update or an action exists. */
  readonly revisions: boolean;
  /** Create, update or an action exists: something sets the time of change. */
  readonly stamps: boolean;
  /** Some use case asks for the time. */
  readonly clock: boolean;
  /** Some use case makes a new version of an aggregate. */
  readonly touches: boolean;
  /** Get, update, delete or an action exists: something loads one row. */
  readonly loads: boolean;
  readonly reads: boolean;
  /** Create or update exists: requests have a body. */
  readonly bodies: boolean;
  /** Create, get, update or an action exists: answers hold one resource. */
  readonly answers: boolean;
  /** Something that exists may break a unique index. */
  readonly writesUnique: boolean;
  /** Some operation or action exists. */
  readonly store: boolean;
  /** Some detail is json. */
  readonly json: boolean;
  /** Details of a new aggregate can be refused. */
  readonly refusals: boolean;
  /** Some detail may not be absent. */
  readonly absentees: boolean;
  /** Details that a new aggregate may have can be refused in an update. */
  readonly revisionRefusals: boolean;
  /** Some detail that a client may leave out has a default. */
  readonly defaultDetails: boolean;
  readonly fields: boolean;
  readonly filters: boolean;
  /** The list can be sorted by a declared field. */
  readonly sorts: boolean;
  readonly required: boolean;
  readonly immutable: boolean;
  readonly unique: boolean;
  readonly enums: boolean;
  readonly pii: boolean;
  /** Create or list exists: the collection's path has a route. */
  readonly collection: boolean;
  /** Get and a change exist: integration tests change what they read back. */
  readonly accepts: boolean;
  /** Get, update or delete exists: one element's path has a route. */
  readonly item: boolean;
  /** Get, update or an action exists: something answers with the resource and 200. */
  readonly shown: boolean;
  /** {@link Resource.otherBody} differs from a body of first examples. */
  readonly otherBody: boolean;
  /** Some field becomes null when a PUT leaves it out. */
  readonly clearable: boolean;
  /** Some filter has two values to tell apart. */
  readonly filterTests: boolean;
  /** A value of some detail can be refused, be it only for its size. */
  readonly checks: boolean;
  /** Some field has a rule beyond its type, so that a check exists. */
  readonly rules: boolean;
}

/** A standard operation that exists. */
export interface Operation {
  readonly name: 'create' | 'get' | 'list' | 'update' | 'delete';
  /** Method of the domain's `Service`: `Create`. */
  readonly goMethod: string;
  readonly scopes: readonly string[];
}

/** A state transition. */
export interface Action {
  readonly names: Names;
  /** Method of the aggregate and of the domain's `Service`: `Pay`. */
  readonly goMethod: string;
  /** Method of the REST handler: `pay`. */
  readonly handler: string;
  /** `/v1/orders/{id}/pay` */
  readonly path: string;
  /** For a doc comment: `Pay sets state to paid. Before, state must be pending or paid.` */
  readonly doc: string;
  readonly scopes: readonly string[];
  /** Empty: allowed in every state. */
  readonly when: readonly Condition[];
  readonly set: readonly Assignment[];
  /** {@link Action.setsJSON} as JSON members, each with a comma behind it: `"state": "paid", `. */
  readonly setsBody: string;
  /** As its route's. */
  readonly operationID: string;
  /** There is a condition that some state does not meet: a test can show the refusal. */
  readonly canRefuse: boolean;
  /** Starts for the test of the action: those that allow it, then those that refuse it. */
  readonly cases: readonly ActionCase[];
  /** Go statements outside the package that bring an aggregate where the action is allowed. */
  readonly before: readonly string[];
  /** The same for where it is refused; empty unless {@link Action.canRefuse}. */
  readonly refusedBefore: readonly string[];
  /** What an answer shows afterwards, by JSON name. */
  readonly setsJSON: readonly { readonly name: string; readonly json: string }[];
  readonly proto: ActionProto;
}

/** One start of an action, for a table of tests. */
export interface ActionCase {
  readonly name: string;
  /** Go statements outside the package that bring the aggregate there; empty: as it is. */
  readonly statements: readonly string[];
  readonly allowed: boolean;
}

/** An enum field must have one of these values. */
export interface Condition {
  readonly field: Field;
  readonly values: readonly EnumValue[];
  /** Go condition on the receiver that is true when the action is refused: `o.State != StatePending`. */
  readonly refusedWhen: string;
  /** `cannot pay: state must be pending` */
  readonly message: string;
  /** Values that are not allowed. */
  readonly refused: readonly EnumValue[];
}

/** What an action sets. */
export interface Assignment {
  readonly field: Field;
  readonly value: Literal;
}

/** One HTTP route. PUT and PATCH of one resource are two routes. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** OpenAPI form: `/v1/orders/{id}/pay`. */
  readonly path: string;
  /** Gin form: `/v1/orders/:id/pay`. */
  readonly ginPath: string;
  /** Unique in the service: `createOrder`, `replaceOrder`, `payOrder`. */
  readonly operationID: string;
  /** Method of the REST handler: `create`, `pay`. */
  readonly handler: string;
  /** The operation or action behind it. */
  readonly operation: string;
  readonly summary: string;
  readonly scopes: readonly string[];
}
