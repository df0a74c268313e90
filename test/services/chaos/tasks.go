package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/hibiken/asynq"
)

// task is one that is in the queues or has been.
type task struct {
	kind string
	// about is the id in its payload: of an order, or of a shipment.
	about string
	done  bool
}

// tasks are those of one service.
type tasks struct {
	// due wait, run or are about to be tried again; archived have failed for good.
	due, archived int
	// kept are those that are done, and those whose time has not come.
	kept []task
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
		all.due += info.Pending + info.Active + info.Retry
		all.archived += info.Archived
		for _, list := range []lister{inspector.ListCompletedTasks, inspector.ListScheduledTasks} {
			found, err := list.all(queue)
			if err != nil {
				return all, fmt.Errorf("queue %s of %s: %w", queue, d.Name, err)
			}
			all.kept = append(all.kept, found...)
		}
	}
	return all, nil
}

// lister returns one page of the tasks of a queue that are in one state.
type lister func(queue string, options ...asynq.ListOption) ([]*asynq.TaskInfo, error)

func (list lister) all(queue string) ([]task, error) {
	const size = 1000
	var all []task
	for page := 1; ; page++ {
		found, err := list(queue, asynq.PageSize(size), asynq.Page(page))
		if err != nil {
			return nil, err
		}
		for _, info := range found {
			about, err := subjectOf(info)
			if err != nil {
				return nil, err
			}
			all = append(all, task{kind: info.Type, about: about, done: info.State == asynq.TaskStateCompleted})
		}
		if len(found) < size {
			return all, nil
		}
	}
}

// subjectOf returns what a task is about, written as the databases do; "" for one without a payload.
func subjectOf(info *asynq.TaskInfo) (string, error) {
	if len(info.Payload) == 0 {
		return "", nil
	}
	var payload struct {
		OrderID    string `json:"order_id"`
		ShipmentID string `json:"shipment_id"`
	}
	if err := json.Unmarshal(info.Payload, &payload); err != nil {
		return "", fmt.Errorf("task %s: %w", info.ID, err)
	}
	return compact(payload.OrderID + payload.ShipmentID), nil
}

// of returns what the tasks of one kind are about, each as often as there is a task, and how many of these are done.
func (t *tasks) of(kind string) (about []string, done int) {
	for _, each := range t.kept {
		if each.kind != kind {
			continue
		}
		about = append(about, each.about)
		if each.done {
			done++
		}
	}
	return about, done
}
