package tasks

import (
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/acme/shipping/internal/message"
	"github.com/acme/shipping/internal/platform/taskqueue"
)

func TestHandlersFit(t *testing.T) {
	if err := taskqueue.Fit(Specs(), Handlers(UseCases{}, slog.New(slog.DiscardHandler))); err != nil {
		t.Error(err)
	}
}

func TestBookCarrierMessage(t *testing.T) {
	payload := message.BookCarrier{
		ShipmentID: uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000001"),
	}
	first, second := payload.Message(), payload.Message().At(time.Unix(1, 0))
	if first.ID == second.ID {
		t.Error("two tasks have one id")
	}
	want := message.Message{
		ID: second.ID, Key: second.ID.String(), Kind: message.Task, Type: "book-carrier", Topic: "critical", Time: time.Unix(1, 0), Data: payload,
	}
	if diff := cmp.Diff(want, second); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
	encoded, err := json.Marshal(first.Data)
	if err != nil {
		t.Fatal(err)
	}
	var decoded message.BookCarrier
	if err := json.Unmarshal(encoded, &decoded); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(payload, decoded); diff != "" {
		t.Errorf("payload after a round trip (-want +got):\n%s", diff)
	}
}
