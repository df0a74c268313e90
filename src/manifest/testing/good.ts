/** A manifest that uses the whole grammar. */
export const wholeGrammar = `
apiVersion: create-service/v1
name: orders
module: github.com/acme/orders
owner: team-commerce
description: "Takes orders.\\nSays \\"hello\\", {{b}}, $(rm), \`x\`, #no comment, 'quotes', \\\\ and ünï😀."
registry: ghcr.io/acme
tier: critical
api: [rest, grpc]
resources:
  order:
    store: mysql
    plural: purchases
    cache: { ttl: 5m }
    events: true
    fields:
      customer_id: { type: uuid, required: true, immutable: true, index: true }
      email: { type: string, max: 254, min: 3, pattern: '^[^@\\s]+@[^@\\s]+$', pii: true, unique: true, description: "Where to write" }
      state: { type: enum, values: [pending, paid, yes], default: pending, output_only: true }
      total: { type: decimal, precision: 38, scale: 4, min: 0, max: 99999999999999999999.9999, required: true, default: 0.1000 }
      note: { type: text, max: 1000, default: "" }
      count: { type: int32, min: -5, max: 5, default: 0 }
      sequence: { type: int64, min: -9223372036854775808, max: 9223372036854775807, default: 9007199254740993 }
      weight: { type: float64, min: 0.5, max: 1e21, default: 1.5 }
      gift: { type: bool, default: false }
      due: { type: timestamp, default: 2026-01-31T12:00:00.000001Z }
      day: { type: date, default: 2024-02-29 }
      reference: { type: uuid, default: 6BA7B810-9DAD-11D1-80B4-00C04FD430C8 }
      meta: { type: json, max: 500, default: { a: [1, 2.5, null, true, "x"], "": {} } }
    operations: [create, get, list, update, delete]
    actions:
      pay: { when: { state: [pending] }, set: { state: paid, count: 1, note: "100", sequence: 9007199254740993 } }
      touch: {}
    scopes: { pay: ["orders:pay"], get: [orders.read] }
  order-line: { store: mongodb, operations: [get] }
consumes:
  payment-captured: { topic: payments.payment.v1, service: payments, resource: order, contract: ../payments/api }
tasks:
  send-receipt: { queue: default, max_retry: 10, timeout: 30s, payload: { order_id: uuid }, resource: order, compensates: pay }
  nightly-report: { queue: low, cron: "0 3 * * *", resource: order }
clients:
  inventory: { protocol: grpc, contract: "git+https://host/repository#0123abc" }
auth: { audience: orders }
tls: { mode: none, reason: a mesh does it }
config:
  max_open_orders: { type: int32, default: 100, description: Refuse more. }
  api_key: { type: string, secret: true, description: "Key: secret" }
  rate: { type: float64, default: 0.25, description: Rate }
  "on": { type: bool, default: true, description: On }
  big: { type: int64, default: 9007199254740993, description: Big }
  wait: { type: duration, default: 1h30m, description: Wait }
  label: { type: string, default: "007", description: Label }
environments:
  dev: {}
  prod: { replicas: 3, config: { max_open_orders: 500, label: "0" } }
components:
  banner: { text: "yes", size: 3 }
waivers:
  - { rule: k8s-probes, reason: soon, until: 2026-12-31 }
`;
