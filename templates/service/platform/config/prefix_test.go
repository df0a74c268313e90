package config_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"create-service/templates/service/platform/config"
)

type calls struct {
	Timeout time.Duration `env:"TIMEOUT" envDefault:"2s" min:"1s"`
	Reserve time.Duration `env:"RESERVE" envDefault:"50ms"`
}

func (c calls) Validate() error {
	if c.Reserve >= c.Timeout {
		return errors.New("RESERVE must be shorter than TIMEOUT")
	}
	return nil
}

type peer struct {
	Addr  string `env:"ADDR,required"`
	Calls calls
}

type peers struct {
	Inventory peer `envPrefix:"INVENTORY_"`
	Shipping  peer `envPrefix:"SHIPPING_"`
}

func TestAPrefixIsThatOfAllKeysWithin(t *testing.T) {
	var got peers
	environ := []string{"INVENTORY_ADDR=inventory:1", "SHIPPING_ADDR=shipping:1", "SHIPPING_TIMEOUT=3s", "TIMEOUT=9s"}
	if err := config.Load(&got, environ); err != nil {
		t.Fatal(err)
	}
	want := peers{
		Inventory: peer{Addr: "inventory:1", Calls: calls{Timeout: 2 * time.Second, Reserve: 50 * time.Millisecond}},
		Shipping:  peer{Addr: "shipping:1", Calls: calls{Timeout: 3 * time.Second, Reserve: 50 * time.Millisecond}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Load() (-want +got):\n%s", diff)
	}
}

func TestProblemsNameKeysWithTheirPrefix(t *testing.T) {
	var got peers
	err := config.Load(&got, []string{"INVENTORY_ADDR=x", "INVENTORY_TIMEOUT=1ms", "SHIPPING_RESERVE=5s"})
	var broken *config.Error
	if !errors.As(err, &broken) {
		t.Fatalf("Load() = %v, want *config.Error", err)
	}
	want := []config.Problem{
		{Key: "INVENTORY_TIMEOUT", Source: "environment", Message: "must be at least 1s"},
		{Key: "SHIPPING_ADDR", Message: "is required: set it in the environment, in SECRETS_DIR or in CONFIG_FILE"},
		{Key: "SHIPPING_RESERVE", Message: "must be shorter than SHIPPING_TIMEOUT"},
	}
	if diff := cmp.Diff(want, broken.Problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}
