/** What a service is called in protobuf and in the Go that is generated from it. */
export interface ServiceProto {
  /** `orders.v1` */
  readonly package: string;
  /** Go package and its import path: `ordersv1`, `github.com/acme/orders/api/proto/orders/v1`. */
  readonly goPackage: string;
  readonly goImport: string;
  /** Both, as `option go_package` wants them. */
  readonly goPackageOption: string;
  /** Some resource has a method, so that there are files. */
  readonly isUsed: boolean;
}

/** What a resource is called there. */
export interface ResourceProto {
  /** Message, `OrderLine`, and what Go calls it. */
  readonly message: string;
  readonly goMessage: string;
  /** Plural in the names of messages: `OrderLines`. */
  readonly plural: string;
  readonly goPlural: string;
  /** Field of a request that holds one: `order_line`, and its Go name. */
  readonly member: string;
  readonly goMember: string;
  /** Field of the list's answer that holds many: `order_lines`, and its Go name. */
  readonly members: string;
  readonly goMembers: string;
  /** Prefix of the service's names in Go: `OrderLineService`. */
  readonly goService: string;
  /** Some method answers with the message, alone or in a list. */
  readonly isAnswered: boolean;
  /** Numbers and names of fields that are gone, as `reserved` lists them: `12, 15` and `"email", "note"`; empty: none. */
  readonly reservedNumbers: string;
  readonly reservedNames: string;
  /** Some field is json. */
  readonly hasJSON: boolean;
  /** A create can be refused for what its message says. */
  readonly hasRefusals: boolean;
  /** JSON members, as those of the same names of the resource, in protobuf's form. */
  readonly smallestBody: string;
  readonly otherBody: string;
  readonly smallestUpdate: string;
  /** JSON object of what a create without it gets. */
  readonly defaultsObject: string;
}

/** One value of an enum. */
export interface EnumValueProto {
  /** `STATE_PENDING` */
  readonly name: string;
  readonly number: number;
  /** Go constant: `Order_STATE_PENDING`. */
  readonly goConst: string;
  /** Domain's constant: `order.StatePending`. */
  readonly goConstOutside: string;
}

/** What a field is called there. */
export interface FieldProto {
  readonly name: string;
  /** Never used for another field. */
  readonly number: number;
  /** Type with its label: `optional string`, `State`. */
  readonly type: string;
  /** {@link FieldProto.type} outside the message: `Order.State`. */
  readonly typeOutside: string;
  /** Comment on what a client may do with it, `Required. Immutable.`; empty: anything. */
  readonly behavior: string;
  /** Field of the Go struct: `CustomerId`. */
  readonly goName: string;
  /** The same in the list's request, for a filter; empty for other fields. */
  readonly goFilter: string;
  /** Name of the enum: `State`; empty for other types. */
  readonly enumName: string;
  /** Zero of the enum: `STATE_UNSPECIFIED`. */
  readonly enumZero: string;
  /** Go type of the enum: `Order_State`. */
  readonly goEnum: string;
  readonly enumValues: readonly EnumValueProto[];
  /** Numbers and names of values that are gone, as those of a resource. */
  readonly reservedNumbers: string;
  readonly reservedNames: string;
  /** Enum's table would be too long for a function with one value a line. */
  readonly longEnum: boolean;
  /** The Go field is a pointer to a value of the same type as the domain's. */
  readonly isPlain: boolean;
  /** The Go field is a pointer to the text of a value. */
  readonly isText: boolean;
  /** Go expression of the aggregate's value for the message: `new(o.CustomerID.String())`. */
  readonly encoded: string;
  /** JSON of the field's examples in protobuf's form. */
  readonly first: string;
  readonly second: string;
  /** JSON of a value that is refused when it is read; empty: there is none. */
  readonly wrong: string;
  /** JSON object with the default, `{"state": "STATE_PENDING"}`, or without any. */
  readonly defaultObject: string;
}

/** What an action is called there. */
export interface ActionProto {
  /** Method: `PayOrder`, and what Go calls it. */
  readonly method: string;
  readonly goMethod: string;
  /** For its comment: `PayOrder sets state to paid. Before, state must be pending or paid.` */
  readonly doc: string;
  /** What an answer shows afterwards, as JSON members each with a comma behind it: `"state": "STATE_PAID", `. */
  readonly setsBody: string;
}
