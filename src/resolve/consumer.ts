import type { Manifest } from '../manifest/grammar.js';
import { bounded } from '../text/bounded.js';
import type { Consumer, Resource } from './model.js';
import { names } from './names.js';
import { storeOf } from './work.js';

/** Longest name of a Kafka topic, less what KAFKA_TOPIC_PREFIX may put before it. */
const longestTopic = 249 - 100;

/** Returns the consumers; the manifest was checked, so each has a store. */
export function consumers(
  service: string,
  written: Manifest['consumes'],
  resources: readonly Resource[],
): readonly Consumer[] {
  return Object.entries(written ?? {}).map(([name, consumer]) => {
    const { topic, service: publisher, contract = '', resource = '' } = consumer;
    const own = names(name);
    const group = `${service}.${name}`;
    return {
      name,
      names: own,
      goFile: own.snake,
      goName: own.pascal,
      topic,
      service: publisher,
      contract,
      resource,
      group,
      deadLetters: bounded(`${topic}.${group}.dlq`, longestTopic),
      eventType: eventType(name, topic, publisher),
      store: storeOf(resource, resources) ?? 'mysql',
    };
  });
}

/**
 * Returns the type of event that a consumer's name means: `payments.payment.captured.v1` for `payment-captured` of
 * `payments.payment.v1`. Empty where the names do not follow that rule, so that all types of the topic are meant.
 */
function eventType(consumer: string, topic: string, publisher: string): string {
  const [, version] = /\.v(\d+)$/.exec(topic) ?? [];
  const resource = topic.slice(publisher.length + 1, topic.lastIndexOf('.'));
  const isOurs = version !== undefined && topic === `${publisher}.${resource}.v${version}`;
  if (!isOurs || resource === '' || !consumer.startsWith(`${resource}-`)) return '';
  return `${publisher}.${resource}.${consumer.slice(resource.length + 1)}.v${version}`;
}

/** Returns the topics that consumers read and other services own, each once. */
export function foreignTopics(
  written: Manifest['consumes'],
  resources: readonly Resource[],
): readonly { readonly name: string; readonly owner: string }[] {
  const own = new Set(resources.filter(({ events }) => events).map(({ topic }) => topic));
  const topics = new Map(Object.values(written ?? {}).map(({ topic, service }) => [topic, service]));
  return [...topics].flatMap(([name, owner]) => (own.has(name) ? [] : [{ name, owner }]));
}
