package redisstandin_test

import (
	"bufio"
	"flag"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"create-service/templates/devstack/redisstandin"
)

func start(t *testing.T, args ...string) *redisstandin.Server {
	t.Helper()
	flags := flag.NewFlagSet("devstack", flag.ContinueOnError)
	cfg := redisstandin.Flags(flags, "tasks", "ASYNQ_REDIS_ADDR")
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	s, err := redisstandin.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// address returns where the server says that it is.
func address(t *testing.T, s *redisstandin.Server) string {
	t.Helper()
	environment := s.Environment()
	addr, found := strings.CutPrefix(environment[0], "ASYNQ_REDIS_ADDR=")
	if len(environment) != 2 || !found || environment[1] != "ASYNQ_REDIS_TLS=off" {
		t.Fatalf("environment %q, want ASYNQ_REDIS_ADDR and ASYNQ_REDIS_TLS=off", environment)
	}
	return addr
}

// ask sends a command as a person would type it, and returns the first line of the answer.
func ask(t *testing.T, addr, command string) string {
	t.Helper()
	connection, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	words := strings.Fields(command)
	fmt.Fprintf(connection, "*%d\r\n", len(words))
	for _, word := range words {
		fmt.Fprintf(connection, "$%d\r\n%s\r\n", len(word), word)
	}
	answer, err := bufio.NewReader(connection).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(answer, "\r\n")
}

func TestKeysExpireByTheRealClock(t *testing.T) {
	t.Parallel()
	addr := address(t, start(t))
	if got := ask(t, addr, "SET lock me PX 300"); got != "+OK" {
		t.Fatalf("SET: %s", got)
	}
	if got := ask(t, addr, "EXISTS lock"); got != ":1" {
		t.Fatalf("EXISTS at once: %s, want :1", got)
	}
	began := time.Now()
	for ask(t, addr, "EXISTS lock") == ":1" {
		if time.Since(began) > 10*time.Second {
			t.Fatal("the key does not expire")
		}
		time.Sleep(10 * time.Millisecond)
	}
	if took := time.Since(began); took < 200*time.Millisecond {
		t.Errorf("a key of 300ms expired after %s", took)
	}
}

func TestServersAreApart(t *testing.T) {
	t.Parallel()
	first, second := address(t, start(t)), address(t, start(t))
	ask(t, first, "SET key value")
	if got := ask(t, second, "EXISTS key"); got != ":0" {
		t.Errorf("the other server has the key: %s", got)
	}
}

func TestAClosedServerIsGone(t *testing.T) {
	t.Parallel()
	s := start(t)
	addr := address(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if connection, err := net.Dial("tcp", addr); err == nil {
		_ = connection.Close()
		t.Error("a closed server accepts connections")
	}
}

func TestAnAddressInUseIsAnError(t *testing.T) {
	t.Parallel()
	taken := address(t, start(t))
	if _, err := redisstandin.Start(&redisstandin.Config{Addr: taken}); err == nil || !strings.Contains(err.Error(), "redis stand-in") {
		t.Errorf("error %v, want one of the stand-in", err)
	}
}
