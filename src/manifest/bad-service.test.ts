import { describe, expect, test } from 'vitest';
import { head, known, problems } from './testing/text.js';

/** What is wrong, the manifest, and a line for each problem. */
type Case = readonly [name: string, text: string | Uint8Array, ...lines: string[]];

function refuses(cases: readonly Case[]): void {
  test.each(cases)('%s', (_, text, ...lines) => {
    expect(problems(text, known)).toEqual(lines);
  });
}

/** Two resources, on five lines, of which both can be cancelled and one can be closed. */
const orders = `resources:
  order:
    { store: mysql, operations: [get], actions: { cancel: {}, close: {} } }
  line:
    { store: mysql, operations: [get], actions: { cancel: {} } }
`;

const kebab = 'lower-case letters, digits and single dashes, beginning with a letter, at most 40 characters';
const top =
  'apiVersion, name, module, owner, description, registry, ci, tier, api, resources, consumes, tasks, clients, auth, tls, config, environments, components, extends, waivers';

describe('keys and facts of the service', () => {
  refuses([
    [
      'nothing but braces',
      '{}',
      '1:1: the manifest needs apiVersion (allowed create-service/v1)',
      `1:1: the manifest needs name (allowed ${kebab})`,
      '1:1: the manifest needs module (allowed text on one line of 1 to 200 characters)',
      '1:1: the manifest needs owner (allowed text on one line of 1 to 200 characters)',
    ],
    [
      'missing owner',
      head.replace(/owner.*\n/, ''),
      '1:1: the manifest needs owner (allowed text on one line of 1 to 200 characters)',
    ],
    ['unknown key', `${head}resorces: {}\n`, `5:1: unknown key resorces (allowed ${top}; did you mean resources?)`],
    ['unknown key far', `${head}xyzzy: {}\n`, `5:1: unknown key xyzzy (allowed ${top})`],
    [
      'nothing where a map must be',
      `${head}resources:\n`,
      '5:11: resources has the wrong type (found nothing; allowed a map; write {} for an empty one)',
    ],
    [
      'bad apiVersion',
      head.replace('/v1', '/v2'),
      '1:13: unknown value of apiVersion (found "create-service/v2"; allowed create-service/v1; did you mean create-service/v1?)',
    ],
    ['constructor as an unknown key', `${head}constructor: {}\n`, `5:1: unknown key constructor (allowed ${top})`],
    [
      'a description that is too long',
      `${head}description: ${'x'.repeat(1001)}\n`,
      '5:14: description: the text has 1001 characters (found xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...; allowed text of at most 1000 characters)',
    ],
    [
      'an owner that is blank',
      head.replace('team-commerce', '" "'),
      '4:8: owner is empty (allowed the name of a team)',
    ],
  ]);
});

describe('the name', () => {
  refuses([
    [
      'capitals',
      head.replace('name: orders', 'name: Orders'),
      `2:7: name: this is not a kebab-case name (found Orders; allowed ${kebab}; did you mean orders?)`,
    ],
    [
      'a double dash',
      head.replace('name: orders', 'name: my--orders'),
      `2:7: name: this is not a kebab-case name (found my--orders; allowed ${kebab}; did you mean my-orders?)`,
    ],
    [
      'a number',
      head.replace('name: orders', 'name: 1'),
      `2:7: name has the wrong type (found 1, a number; allowed ${kebab}; write "1" for text)`,
    ],
    [
      '41 characters',
      head.replace('name: orders', `name: ${'a'.repeat(41)}`),
      `2:7: name: the text has 41 characters (found aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; allowed ${kebab})`,
    ],
    [
      'empty',
      head.replace('name: orders', `name: ""`),
      `2:7: name: this is not a kebab-case name (found empty text; allowed ${kebab})`,
    ],
  ]);
});

describe('the module path and the registry', () => {
  refuses([
    [
      'no host',
      head.replace('github.com/acme/orders', 'orders'),
      '3:9: a Go module path begins with a host, such as github.com, which has a dot (found orders; allowed a path such as github.com/acme/orders)',
    ],
    [
      '.. in a path',
      head.replace('github.com/acme/orders', 'github.com/../x'),
      '3:9: a Go module path has no element .. (found "github.com/../x"; allowed a path such as github.com/acme/orders)',
    ],
    [
      'an absolute path',
      head.replace('github.com/acme/orders', '/home/x'),
      '3:9: a Go module path is not absolute (found "/home/x"; allowed a path such as github.com/acme/orders)',
    ],
    [
      'a version that is none',
      head.replace('acme/orders', 'acme/v1'),
      '3:9: a Go module path ends in /v2 or above, or in no version (found "github.com/acme/v1"; allowed a path such as github.com/acme/orders)',
    ],
    [
      'a URL',
      head.replace('github.com/acme/orders', 'https://github.com/acme/orders'),
      '3:9: a Go module path has no scheme such as https:// (found "https://github.com/acme/orders"; allowed a path such as github.com/acme/orders)',
    ],
    [
      'a device of Windows',
      head.replace('github.com/acme/orders', 'github.com/acme/con'),
      '3:9: con is a device on Windows, so no Go module path holds it (found "github.com/acme/con"; allowed a path such as github.com/acme/orders)',
    ],
    [
      'a host in capitals',
      head.replace('github.com/acme/orders', 'GitHub.com/acme'),
      '3:9: the host of a Go module path has no "G" (found "GitHub.com/acme"; allowed a path such as github.com/acme/orders)',
    ],
    [
      'a blank',
      head.replace('github.com/acme/orders', 'github.com/a b'),
      '3:9: a Go module path has no " " (found "github.com/a b"; allowed a path such as github.com/acme/orders)',
    ],
    [
      'registry scheme',
      `${head}registry: https://ghcr.io\n`,
      '5:11: an image registry has no scheme such as https:// (found "https://ghcr.io"; allowed a prefix such as ghcr.io/acme)',
    ],
    [
      'registry tag',
      `${head}registry: ghcr.io/acme:v1\n`,
      '5:11: an image registry has no tag and no digest: the image name follows it (found "ghcr.io/acme:v1"; allowed a prefix such as ghcr.io/acme)',
    ],
    [
      'registry upper',
      `${head}registry: ghcr.io/Acme\n`,
      '5:11: "Acme" is not a part of an image name: lower-case letters, digits and single . _ - between them (found "ghcr.io/Acme"; allowed a prefix such as ghcr.io/acme)',
    ],
  ]);
});

describe('tier and APIs', () => {
  refuses([
    [
      'a typo in the tier',
      `${head}tier: standart\n`,
      '5:7: unknown value of tier (found standart; allowed critical, standard, best-effort; did you mean standard?)',
    ],
    [
      'api typo',
      `${head}api: [rset]\n`,
      '5:7: unknown value of item 1 of api (found rset; allowed rest, grpc; did you mean rest?)',
    ],
    ['api twice', `${head}api: [rest, rest]\n`, '5:13: rest is there twice'],
    ['an API that is not supported yet', `${head}api: [rest, grpc]\n`, '5:13: api grpc is not supported yet'],
    ['api not list', `${head}api: rest\n`, '5:6: api has the wrong type (found rest; allowed a list)'],
  ]);
});

describe('configuration and environments', () => {
  refuses([
    [
      'configuration keys',
      `${head}config:\n  max_orders: { type: int32, default: many, description: x }\n  http_addr: { type: string, description: x }\n  key: { type: string, secret: true, default: x, description: x }\n  b: { type: bool }\n`,
      '6:39: default does not fit type int32 (found many; allowed a whole number)',
      '7:3: configuration key http_addr becomes HTTP_ADDR, which httpserver reads already',
      '8:38: a secret has no default: it would be in the repository',
      '9:3: config.b needs description (allowed text of 1 to 500 characters)',
    ],
    [
      'config clash',
      `${head}config:\n  a_b: { type: bool, description: x }\n  a__b: { type: bool, description: x }\n`,
      '7:3: configuration key a_b and configuration key a__b both become the Go name AB (the other is on line 6)',
    ],
    [
      'values of environments',
      `${head}config:\n  max: { type: int32, description: x }\n  key: { type: string, secret: true, description: x }\nenvironments:\n  dev: { replicas: -1, config: { mx: 1, max: 1.5, key: abc } }\n  prod:\n`,
      '9:20: environments.dev.replicas is out of range (found -1, a number; allowed a whole number from 0 to 1000)',
      '9:34: there is no configuration key mx (allowed max, key; did you mean max?)',
      '9:46: the value does not fit max of type int32 (found 1.5; allowed a whole number)',
      '9:51: key is a secret: its value does not belong in the repository',
      '10:8: environments.prod has the wrong type (found nothing; allowed an environment; write {} for an empty one)',
    ],
    [
      'no environments',
      `${head}environments: {}\n`,
      '5:1: there is no environment (leave the key out for dev, staging and prod)',
    ],
    [
      'an environment value out of range',
      `${head}config:\n  max: { type: int32, default: 1, description: x }\nenvironments:\n  dev: { config: { max: 3000000000 } }\n`,
      '8:25: the value does not fit max of type int32 (found 3000000000; allowed -2147483648 to 2147483647)',
    ],
  ]);
});

describe('work and peers', () => {
  refuses([
    [
      'a consumer',
      `${head}consumes:\n  paid: { topic: "a b", service: payments, resource: ordr }\n`,
      '5:1: consumes is not supported yet',
      '6:18: this is not the name of a Kafka topic (found "a b"; allowed letters, digits, dots, dashes and underscores)',
      '6:54: there is no resource ordr (allowed none, for there are no resources)',
    ],
    [
      'a task',
      `${head}tasks:\n  a: { cron: "61 * * * *", payload: { x: uuid }, timeout: 0s, compensates: y }\n`,
      '5:1: tasks is not supported yet',
      '6:14: this is not a minute (found "61 * * * *"; allowed five cron fields such as 0 3 * * *, or @daily)',
      '6:28: a task with cron has no payload: nobody gives one',
      '6:59: timeout is no time (found 0s; allowed a duration above zero, such as 30s)',
      '6:63: a task with cron compensates nothing: it has no payload to say what',
    ],
    [
      'a compensation by an action that is not there',
      `${head}${orders}tasks:\n  a: { compensates: cancle }\n  b: { compensates: cancel, resource: line }\n`,
      '10:1: tasks is not supported yet',
      '11:21: there is no action cancle (allowed cancel, close; did you mean cancel?)',
      '12:21: the payload names no line: a task that compensates needs line_id: uuid, to know which to cancel',
    ],
    [
      'a compensation of nobody knows what',
      `${head}${orders}tasks:\n  a: { compensates: close, payload: { line_id: uuid } }\n  b: { compensates: cancel, payload: { order_id: string, id: uuid } }\n`,
      '10:1: tasks is not supported yet',
      '11:21: the payload names no order: a task that compensates needs order_id: uuid, to know which to close',
      '12:21: the payload names no order or line: a task that compensates needs order_id: uuid or line_id: uuid, to know which to cancel',
    ],
    [
      'a compensation of one of two',
      `${head}${orders}tasks:\n  a: { compensates: cancel, payload: { line_id: uuid, order_id: uuid } }\n  b: { compensates: cancel, payload: { line_id: uuid, order_id: uuid }, resource: line }\n  c: { compensates: close, payload: { line_id: uuid, order_id: uuid } }\n`,
      '10:1: tasks is not supported yet',
      '11:21: the payload names order and line: resource must say which of them to cancel',
    ],
    [
      'clients',
      `${head}clients:\n  inventory: { protocol: grcp }\n  b: { protocol: rest, contract: /abs }\n  c: { protocol: rest, contract: "git+https://x/y" }\n`,
      '6:26: unknown value of clients.inventory.protocol (found grcp; allowed grpc, rest; did you mean grpc?)',
      '7:3: a rest client is not supported yet',
      '7:34: this is neither a relative path nor git+URL#commit (found "/abs"; allowed a path such as ../peer/api, or git+https://host/repository#0123abc)',
      '8:3: a rest client is not supported yet',
      '8:34: this names no commit (found "git+https://x/y"; allowed a path such as ../peer/api, or git+https://host/repository#0123abc)',
    ],
    [
      'clients with keys of somebody else',
      `${head}clients:\n  http: { protocol: rest }\n  stock: { protocol: rest }\n  stock-idle: { protocol: rest }\n  bank: { protocol: rest }\n  orders: { protocol: rest }\nconfig:\n  bank_timeout: { type: string, description: d }\n`,
      '6:3: client http has the key HTTP_ADDR, which httpserver reads already',
      '6:3: a rest client is not supported yet',
      '7:3: a rest client is not supported yet',
      '8:3: client stock-idle has the key STOCK_IDLE_TIMEOUT, which client stock reads already',
      '8:3: a rest client is not supported yet',
      '9:3: client bank has the key BANK_TIMEOUT, which configuration key bank_timeout reads already',
      '9:3: a rest client is not supported yet',
      '10:3: a service is no client of itself',
      '10:3: a rest client is not supported yet',
    ],
    [
      'a consumer in a service with two stores',
      `${head}resources:\n  a: { store: mysql, operations: [get] }\n  b: { store: mongodb, operations: [get] }\nconsumes:\n  paid: { topic: t, service: s }\ntasks:\n  send: {}\n`,
      '7:15: store mongodb is not supported yet',
      '8:1: consumes is not supported yet',
      '9:3: a consumer needs resource: the service has more than one store (allowed a, b)',
      '10:1: tasks is not supported yet',
      '11:3: a task needs resource: the service has more than one store (allowed a, b)',
    ],
    [
      'a consumer beside stores that are called as its inbox',
      `${head}resources:\n  a: { store: mysql, plural: inbox, operations: [get] }\nconsumes:\n  paid: { topic: t, service: s }\n`,
      '6:3: the inbox of the consumers and resource a both become the Go name Inbox (the other is on line 7)',
      '7:1: consumes is not supported yet',
    ],
    [
      'names of work that clash',
      `${head}tasks:\n  send-1: {}\n  send1: {}\n  other: { payload: { a_b: uuid, a__b: uuid } }\n`,
      '5:1: tasks is not supported yet',
      '7:3: task send-1 and task send1 both become the Go name Send1 (the other is on line 6)',
      '8:34: payload key a_b and payload key a__b both become the Go name AB (the other is on line 8)',
    ],
    [
      'tasks that clash where they land',
      `${head}${orders}tasks:\n  send-it: {}\n  sendit: { payload: { message: uuid, message_value: uuid } }\n  message: {}\n  message-task: {}\n  pay: { compensates: close, payload: { order_id: uuid } }\n  undo-pay: {}\n`,
      '10:1: tasks is not supported yet',
      '12:3: task send-it and task sendit both become the Go file sendit (the other is on line 11)',
      '12:39: payload key message and payload key message_value both become the Go name MessageValue (the other is on line 12)',
      '14:3: task message and task message-task both become the Go name MessageTask (the other is on line 13)',
      '15:3: task undo-pay and the compensation of pay both become the Go method undoPay (the other is on line 16)',
    ],
  ]);
});

describe('switches, components and what is reserved', () => {
  refuses([
    ['auth', `${head}auth: {}\n`, '5:1: auth is not supported yet'],
    [
      'auth off without a reason',
      `${head}auth: { mode: none }\n`,
      '5:1: auth with mode none needs a reason (allowed reason: why it is off)',
    ],
    [
      'auth off with an audience',
      `${head}auth: { mode: none, reason: x, audience: y }\n`,
      '5:32: auth with mode none has no audience',
    ],
    ['tls', `${head}tls: {}\n`, '5:1: tls is not supported yet'],
    ['tls reason', `${head}tls: { reason: x }\n`, '5:1: tls is not supported yet', '5:8: reason belongs to mode: none'],
    [
      'components',
      `${head}components:\n  mysql: {}\n  rabbitmq: {}\n  banner: { txt: a }\n`,
      '6:3: component mysql follows from stores.mysql: leave it out here',
      '7:3: component rabbitmq is not supported yet (allowed banner)',
      '8:13: unknown key txt in components.banner (allowed text; did you mean text?)',
    ],
    [
      'an option of a component with the wrong type',
      `${head}components:\n  banner: { text: [a] }\n`,
      '6:19: components.banner.text has the wrong type (found a list; allowed text)',
    ],
    [
      'a profile and waivers',
      `${head}extends: x\nwaivers: [{ rule: a, reason: b, until: 2026-02-30 }]\n`,
      '5:1: extends is not supported yet',
      '6:1: waivers is not supported yet',
      '6:40: there is no such day (found 2026-02-30; allowed a date such as 2026-12-31)',
    ],
  ]);
});
