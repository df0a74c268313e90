package kafka

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
)

// longestTopic is Kafka's limit for the name of a topic.
const longestTopic = 249

// Topic is a topic as the repository declares it.
type Topic struct {
	Name string
	// Partitions is how many consumers of a group can share it at most. More can be added later, which moves keys to other
	// partitions: an aggregate's older events may then be handled after its newer ones.
	Partitions int
	// Retention is how long a record is kept; zero: for ever.
	Retention time.Duration
	// Compact keeps the newest record of each key, whatever its age.
	Compact bool
	// Owner is the service that creates the topic when that is another one; empty for the service's own.
	Owner string
}

// Adopted returns the topics as if this service owned all of them, for a cluster on which it is alone. Those that had
// another owner get one partition.
func Adopted(topics []Topic) []Topic {
	own := make([]Topic, len(topics))
	for i, t := range topics {
		t.Owner, t.Partitions = "", max(t.Partitions, 1)
		own[i] = t
	}
	return own
}

// TopicState is what was found of a declared topic.
type TopicState struct {
	// Name is the topic's in the cluster.
	Name string
	// Created: it was missing and is there now.
	Created bool
	// Missing: it does not exist, and its owner has to create it.
	Missing bool
	// Differences are where the topic is not as declared: they are for a person to settle.
	Differences []string
}

// EnsureTopics creates the topics that are missing, except those of other owners, and says what differs from the
// declaration. It changes and deletes nothing that exists.
func (c *Client) EnsureTopics(ctx context.Context, topics []Topic) ([]TopicState, error) {
	names := make([]string, len(topics))
	for i, t := range topics {
		names[i] = c.name(t.Name)
		if len(names[i]) > longestTopic {
			return nil, fmt.Errorf("topic %s has %d characters, and Kafka allows %d: shorten KAFKA_TOPIC_PREFIX", names[i], len(names[i]), longestTopic)
		}
	}
	existing, err := c.admin.ListTopics(ctx, names...)
	if err != nil {
		return nil, fmt.Errorf("list the topics: %w", err)
	}
	states := make([]TopicState, len(topics))
	for i, t := range topics {
		if states[i], err = c.ensureTopic(ctx, t, existing[names[i]]); err != nil {
			return states[:i], err
		}
	}
	return states, nil
}

func (c *Client) ensureTopic(ctx context.Context, t Topic, found kadm.TopicDetail) (TopicState, error) {
	state := TopicState{Name: c.name(t.Name)}
	switch {
	case errors.Is(found.Err, kerr.UnknownTopicOrPartition) && t.Owner != "":
		state.Missing = true
		return state, nil
	case errors.Is(found.Err, kerr.UnknownTopicOrPartition):
		_, err := c.admin.CreateTopic(ctx, int32(t.Partitions), int16(c.cfg.Replication), pointers(c.settings(t)), state.Name)
		// Another process that runs the same step may be faster.
		state.Created = err == nil
		if err != nil && !errors.Is(err, kerr.TopicAlreadyExists) {
			return state, fmt.Errorf("create topic %s: %w", state.Name, err)
		}
		return state, nil
	case found.Err != nil:
		return state, fmt.Errorf("look at topic %s: %w", state.Name, found.Err)
	case t.Owner != "":
		return state, nil
	}
	differences, err := c.compare(ctx, t, found)
	state.Differences = differences
	return state, err
}

// settings are the configuration of a topic that this service creates.
func (c *Client) settings(t Topic) map[string]string {
	retention, policy := int64(-1), "delete"
	if t.Retention > 0 {
		retention = t.Retention.Milliseconds()
	}
	if t.Compact {
		policy = "compact"
	}
	return map[string]string{
		"cleanup.policy":    policy,
		"retention.ms":      strconv.FormatInt(retention, 10),
		"max.message.bytes": strconv.Itoa(c.cfg.MaxMessageBytes + headroom),
		// With 3 replicas one broker may be away; with 1 or 2 none could be spared anyway.
		"min.insync.replicas": strconv.Itoa(max(1, min(c.cfg.Replication-1, 2))),
	}
}

// compare returns where a topic is not as declared.
func (c *Client) compare(ctx context.Context, t Topic, found kadm.TopicDetail) ([]string, error) {
	var differences []string
	if is := len(found.Partitions); is != t.Partitions {
		differences = append(differences, fmt.Sprintf("partitions: %d, declared %d", is, t.Partitions))
	}
	if is := found.Partitions.NumReplicas(); is != c.cfg.Replication {
		differences = append(differences, fmt.Sprintf("replication: %d, declared %d", is, c.cfg.Replication))
	}
	described, err := c.admin.DescribeTopicConfigs(ctx, c.name(t.Name))
	if err != nil {
		return differences, fmt.Errorf("read the configuration of topic %s: %w", t.Name, err)
	}
	settings := c.settings(t)
	for _, resource := range described {
		if resource.Err != nil {
			return differences, fmt.Errorf("read the configuration of topic %s: %w", t.Name, resource.Err)
		}
		for _, is := range resource.Configs {
			if want, declared := settings[is.Key]; declared && is.MaybeValue() != want {
				differences = append(differences, fmt.Sprintf("%s: %s, declared %s", is.Key, is.MaybeValue(), want))
			}
		}
	}
	slices.Sort(differences)
	return differences, nil
}

func pointers(values map[string]string) map[string]*string {
	all := make(map[string]*string, len(values))
	for key, value := range values {
		all[key] = &value
	}
	return all
}
