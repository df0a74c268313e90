import type { Command } from '../command.js';
import { kindNames } from '../names/kind-names.js';

/** `create-service add`. */
export const command: Command = {
  name: 'add',
  summary: 'add something to the manifest, then update the service',
  description:
    'WHAT is resource, field, action, task, consumer, client, environment, config, events, cache, or a component such as rest or grpc. Comments and layout of service.yaml stay. A field is written as in create-service new --help. Files that you edited get just this change, merged.',
  operands: [
    { flags: '<what>', text: 'what to add', offered: kindNames },
    { flags: '[words...]', text: 'its name and definition, see the examples' },
  ],
  options: [
    {
      flags: '--when <field=values>',
      text: 'action: allowed only in these values, such as state=pending,paid; repeatable',
      repeats: true,
    },
    { flags: '--set <field=value>', text: 'action: what it sets, such as state=paid; repeatable', repeats: true },
    { flags: '--queue <name>', text: 'task: its queue' },
    { flags: '--max-retry <n>', text: 'task: how often it is tried again' },
    { flags: '--timeout <duration>', text: 'task: such as 30s' },
    { flags: '--payload <key:type>', text: 'task: such as order_id:uuid; repeatable', repeats: true },
    { flags: '--cron <schedule>', text: "task: such as '0 3 * * *'" },
    { flags: '--compensates <action>', text: 'task: the action that undoes it when it fails for good' },
    { flags: '--resource <name>', text: 'task, consumer: the resource that it is about' },
    { flags: '--topic <name>', text: 'consumer: such as payments.payment.v1' },
    { flags: '--service <name>', text: 'consumer: the service that publishes the topic' },
    { flags: '--contract <path>', text: 'consumer, client: what the other service published' },
    { flags: '--protocol <name>', text: 'client: how it is called', choices: ['grpc', 'rest'] },
    { flags: '--replicas <n>', text: 'environment: how many pods' },
    { flags: '--description <text>', text: 'config: what it is for' },
    { flags: '--secret', text: 'config: its value is a secret' },
    { flags: '--ttl <duration>', text: 'cache: how long a value may be used' },
    { flags: '--dry-run', text: 'show what would be written, and write nothing' },
    { flags: '--diff', text: 'show each change as a diff' },
    { flags: '--allow-dirty', text: 'write also files with edits that are not committed' },
  ],
  examples: [
    {
      line: "create-service add field order gift_note:'string(200)'",
      text: 'to a resource; it reaches every layer and a migration',
    },
    {
      line: "create-service add resource refund 'amount:decimal(12,2)!' reason:text",
      text: 'with table, API and tests',
    },
    {
      line: 'create-service add action order ship --when state=paid --set state=shipped',
      text: 'a transition of a state',
    },
    { line: 'create-service add task send-receipt --payload order_id:uuid --resource order', text: 'work for later' },
    {
      line: 'create-service add consumer payment-captured --topic payments.payment.v1 --service payments',
      text: 'of events',
    },
    {
      line: 'create-service add config max_open_orders:int32=100 --description "Refuse above this number."',
      text: 'a setting',
    },
    {
      line: 'create-service add client stock --protocol grpc --contract ../stock/api/proto',
      text: 'of another service, typed by its contract',
    },
    { line: 'create-service add cache order --ttl 1m', text: 'in front of the store of a resource' },
    { line: 'create-service add grpc', text: 'a component, through the key that turns it on' },
  ],
  run: async (input, system) => (await import('./add/run-add.js')).runAdd(input, system),
};
