import { describe, expect, it } from 'vitest';
import { ContractProblem } from '../contract.js';
import { type RestContract, restContract } from './rest-contract.js';

/** Reads a document with one operation whose answer has the schema; further components follow. */
function contract(schema: string, components = '', operation = ''): RestContract {
  const body = `openapi: 3.1.0
paths:
  /x:
    get:
      operationId: getX
${operation}
      responses:
        '200': { description: it, content: { application/json: { schema: ${schema} } } }
components:
  schemas:
    Named: { type: object, properties: { self: { $ref: '#/components/schemas/Named' } } }
${components}
`;
  return restContract([{ path: 'x.yaml', body }]).rest;
}

function typeOf(schema: string): string {
  return contract(schema).operations[0]?.result ?? '';
}

/** The one field of an object. */
function field(schema: string, required: boolean): string {
  const rest = contract(`{ type: object, required: [${required ? 'f' : ''}], properties: { f: ${schema} } }`);
  const [found] = rest.types[0]?.fields ?? [];
  return `${found?.name} ${found?.type} ${found?.tag}`;
}

function refusal(schema: string, components = '', operation = ''): string {
  try {
    contract(schema, components, operation);
  } catch (error) {
    if (error instanceof ContractProblem) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('a schema as a Go type', () => {
  it.each([
    ['{ type: string }', 'string'],
    ['{ type: string, format: uuid }', 'uuid.UUID'],
    ['{ type: string, format: date-time }', 'time.Time'],
    ['{ type: string, format: date }', 'string'],
    ['{ type: string, format: byte }', '[]byte'],
    ['{ type: integer }', 'int64'],
    ['{ type: integer, format: int32 }', 'int32'],
    ['{ type: number }', 'float64'],
    ['{ type: number, format: float }', 'float32'],
    ['{ type: boolean }', 'bool'],
    ['{ type: array, items: { type: string } }', '[]string'],
    ["{ type: array, items: { type: [string, 'null'] } }", '[]*string'],
    ['{ type: object, additionalProperties: { type: integer } }', 'map[string]int64'],
    ['{ type: object }', 'map[string]json.RawMessage'],
    ['{}', 'json.RawMessage'],
    ["{ $ref: '#/components/schemas/Named' }", 'Named'],
    ["{ anyOf: [{ $ref: '#/components/schemas/Named' }, { type: 'null' }] }", 'Named'],
    ['{ type: string, enum: [a, b] }', 'GetXAnswer'],
    ['{ type: object, properties: { a: { type: string } } }', 'GetXAnswer'],
  ])('%s', (schema, go) => {
    expect(typeOf(schema)).toBe(go);
  });

  it('is declared once, also when it refers to itself', () => {
    const { types } = contract("{ type: array, items: { $ref: '#/components/schemas/Named' } }");
    expect(types.map(({ name, fields }) => [name, fields])).toEqual([
      ['Named', [{ name: 'Self', type: '*Named', tag: '`json:"self,omitempty"`', doc: '' }]],
    ]);
  });
});

describe('a member of an object', () => {
  it.each([
    ['{ type: string }', true, 'F string `json:"f"`'],
    ['{ type: string }', false, 'F *string `json:"f,omitempty"`'],
    ["{ type: [string, 'null'] }", true, 'F *string `json:"f"`'],
    ["{ type: [string, 'null'] }", false, 'F httpclient.Optional[string] `json:"f,omitzero"`'],
    ['{ type: string, nullable: true }', true, 'F *string `json:"f"`'],
    ['{ type: string, format: int64 }', true, 'F int64 `json:"f,string"`'],
    ["{ type: [string, 'null'], format: int64 }", false, 'F httpclient.Optional[string] `json:"f,omitzero"`'],
    ['{ type: array, items: { type: string } }', false, 'F []string `json:"f,omitempty"`'],
    ["{ type: [array, 'null'], items: { type: string } }", true, 'F []string `json:"f"`'],
  ])('%s, required: %s', (schema, required, want) => {
    expect(field(schema, required)).toBe(want);
  });

  it('has a name that Go style wants', () => {
    const rest = contract(
      '{ type: object, properties: { order_id: {}, orderUrl: {}, HTTPCode: {}, 2nd: {}, a-b.c: {} } }',
    );
    expect(rest.types[0]?.fields.map(({ name }) => name)).toEqual([
      'OrderID',
      'OrderURL',
      'HTTPCode',
      'Value2nd',
      'ABC',
    ]);
  });
});

describe('an operation', () => {
  it('has its path as arguments, and the rest as parameters', () => {
    const body = `openapi: 3.0.3
paths:
  /v1/{type}/items/{id}:
    parameters:
      - { name: type, in: path, required: true, schema: { type: string } }
      - { name: id, in: path, required: true, schema: { type: integer, format: int32 } }
      - { name: tag, in: query, schema: { type: string } }
    put:
      operationId: put-item
      summary: Put "an item"
      parameters:
        - { name: tag, in: query, required: true, schema: { type: array, items: { type: integer } } }
        - { name: X-Dry, in: header, schema: { type: boolean } }
      requestBody: { content: { application/json: { schema: { type: object, properties: { a: { type: string } } } } } }
      responses: { '204': { description: done } }
`;
    const { operations, types } = restContract([{ path: 'x.json', body }]).rest;
    expect(operations).toEqual([
      {
        name: 'PutItem',
        doc: 'PutItem: put "an item".',
        method: 'http.MethodPut',
        route: '"/v1/{type}/items/{id}"',
        path: '"/v1/" + url.PathEscape(typeValue) + "/items/" + url.PathEscape(httpclient.Text(id))',
        arguments: ', typeValue string, id int32, body PutItemBody, params PutItemParams',
        result: '',
        mediaType: '"application/json"',
        params: {
          name: 'PutItemParams',
          fields: expect.anything(),
          query: [
            {
              name: 'Tag',
              type: '[]int64',
              doc: 'Required.',
              key: '"tag"',
              given: '',
              text: 'httpclient.Text(entry)',
              isList: true,
            },
          ],
          header: [
            {
              name: 'XDry',
              type: '*bool',
              doc: '',
              key: '"X-Dry"',
              given: 'p.XDry != nil',
              text: 'httpclient.Text(*p.XDry)',
              isList: false,
            },
          ],
        },
      },
    ]);
    expect(types.map(({ name }) => name)).toEqual(['PutItemBody']);
  });
});

describe('what has no Go type is refused by name', () => {
  it.each([
    ['{ oneOf: [{ type: string }, { type: integer }] }', '', 'oneOf is not read here'],
    ['{ type: [string, integer] }', '', 'has more than one type'],
    ['{ type: string, enum: [a_b, a-b] }', '', 'has two values that become GetXAnswerAB in Go'],
    ['{ type: object, properties: { a_b: {}, aB: {} } }', '', 'has two members that become AB in Go'],
    ["{ type: object, properties: { 'a\"b': {} } }", '', 'has a name that cannot stand in a tag of Go'],
    [
      "{ $ref: '#/components/schemas/Client' }",
      '    Client: { type: object, properties: { a: {} } }',
      'becomes Client in Go, and so does something else',
    ],
    [
      "{ $ref: '#/components/schemas/loop' }",
      "    loop: { $ref: '#/components/schemas/loop' }",
      'is a reference that leads to itself',
    ],
    ["{ $ref: 'other.yaml#/X' }", '', 'refers to other.yaml#/X, which is not in the document'],
  ])('%s', (schema, components, message) => {
    expect(refusal(schema, components)).toContain(message);
  });

  it.each([
    ['      callbacks: {}', 'callbacks is not read here'],
    [
      '      parameters: [{ name: q, in: query, style: deepObject, schema: { type: object } }]',
      'style is not read here',
    ],
    ['      parameters: [{ name: q, in: query, schema: { type: object } }]', 'is no list of texts, numbers or UUIDs'],
    ['      requestBody: { content: { text/plain: {} } }', 'has no JSON, and nothing else is written here'],
  ])('%s', (operation, message) => {
    expect(refusal('{}', '', operation)).toContain(message);
  });
});
