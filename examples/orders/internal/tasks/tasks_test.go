package tasks

import (
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/platform/taskqueue"
)

func TestHandlersFit(t *testing.T) {
	if err := taskqueue.Fit(Specs(), Handlers(UseCases{}, slog.New(slog.DiscardHandler))); err != nil {
		t.Error(err)
	}
}

func TestSendReceiptMessage(t *testing.T) {
	payload := message.SendReceipt{
		OrderID: uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000001"),
	}
	first, second := payload.Message(), payload.Message().At(time.Unix(1, 0))
	if first.ID == second.ID {
		t.Error("two tasks have one id")
	}
	want := message.Message{
		ID: second.ID, Key: second.ID.String(), Kind: message.Task, Type: "send-receipt", Topic: "default", Time: time.Unix(1, 0), Data: payload,
	}
	if diff := cmp.Diff(want, second); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
	encoded, err := json.Marshal(first.Data)
	if err != nil {
		t.Fatal(err)
	}
	var decoded message.SendReceipt
	if err := json.Unmarshal(encoded, &decoded); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(payload, decoded); diff != "" {
		t.Errorf("payload after a round trip (-want +got):\n%s", diff)
	}
}

func TestAwaitPaymentMessage(t *testing.T) {
	payload := message.AwaitPayment{
		OrderID: uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000001"),
	}
	first, second := payload.Message(), payload.Message().At(time.Unix(1, 0))
	if first.ID == second.ID {
		t.Error("two tasks have one id")
	}
	want := message.Message{
		ID: second.ID, Key: second.ID.String(), Kind: message.Task, Type: "await-payment", Topic: "default", Time: time.Unix(1, 0), Data: payload,
	}
	if diff := cmp.Diff(want, second); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
	encoded, err := json.Marshal(first.Data)
	if err != nil {
		t.Fatal(err)
	}
	var decoded message.AwaitPayment
	if err := json.Unmarshal(encoded, &decoded); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(payload, decoded); diff != "" {
		t.Errorf("payload after a round trip (-want +got):\n%s", diff)
	}
}

func TestNightlyReportMessage(t *testing.T) {
	payload := message.NightlyReport{}
	first, second := payload.Message(), payload.Message().At(time.Unix(1, 0))
	if first.ID == second.ID {
		t.Error("two tasks have one id")
	}
	want := message.Message{
		ID: second.ID, Key: second.ID.String(), Kind: message.Task, Type: "nightly-report", Topic: "low", Time: time.Unix(1, 0), Data: payload,
	}
	if diff := cmp.Diff(want, second); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
	encoded, err := json.Marshal(first.Data)
	if err != nil {
		t.Fatal(err)
	}
	var decoded message.NightlyReport
	if err := json.Unmarshal(encoded, &decoded); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(payload, decoded); diff != "" {
		t.Errorf("payload after a round trip (-want +got):\n%s", diff)
	}
}
