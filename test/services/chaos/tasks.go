package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/hibiken/asynq"
)

// done is a task that was run to its end.
type done struct {
	kind    string
	orderID string
}

// ordersOf returns the orders of all tasks of one kind.
func ordersOf(all []done, kind string) []string {
	var ids []string
	for _, d := range all {
		if d.kind == kind {
			ids = append(ids, compact(d.orderID))
		}
	}
	return ids
}

// tasks are those of one service.
type tasks struct {
	// open are waiting, running or about to be tried again; archived have failed for good.
	open, archived int
	done           []done
}

// tasks looks into the queues of a service.
func (w *world) tasks(d *deployment) (all tasks, err error) {
	inspector := asynq.NewInspector(asynq.RedisClientOpt{Addr: w.redis, DB: d.redis})
	defer func() { err = errors.Join(err, inspector.Close()) }()
	queues, err := inspector.Queues()
	if err != nil {
		return all, fmt.Errorf("queues of %s: %w", d.Name, err)
	}
	for _, queue := range queues {
		info, err := inspector.GetQueueInfo(queue)
		if err != nil {
			return all, fmt.Errorf("queue %s of %s: %w", queue, d.Name, err)
		}
		all.open += info.Pending + info.Active + info.Scheduled + info.Retry
		all.archived += info.Archived
		completed, err := doneIn(inspector, queue, info.Completed)
		if err != nil {
			return all, fmt.Errorf("queue %s of %s: %w", queue, d.Name, err)
		}
		all.done = append(all.done, completed...)
	}
	return all, nil
}

func doneIn(inspector *asynq.Inspector, queue string, count int) ([]done, error) {
	const size = 1000
	all := make([]done, 0, count)
	for page := 1; ; page++ {
		found, err := inspector.ListCompletedTasks(queue, asynq.PageSize(size), asynq.Page(page))
		if err != nil {
			return nil, err
		}
		for _, task := range found {
			var payload struct {
				OrderID string `json:"order_id"`
			}
			if err := json.Unmarshal(task.Payload, &payload); len(task.Payload) > 0 && err != nil {
				return nil, fmt.Errorf("task %s: %w", task.ID, err)
			}
			all = append(all, done{kind: task.Type, orderID: payload.OrderID})
		}
		if len(found) < size {
			return all, nil
		}
	}
}
