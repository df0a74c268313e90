// Command logs runs the service orders on servers of its own and uses it, also wrongly. What the service writes becomes, line by
// line and while it runs, a file as the container runtime of a node has it. It prints how many lines there are, and how many calls.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	ordersv1 "github.com/acme/orders/api/proto/orders/v1"
	"github.com/google/uuid"
	"google.golang.org/grpc/metadata"

	"create-service/templates/components/auth/platform/issuertest"
	"create-service/test/services/running"
)

func main() {
	root := flag.String("root", "../..", "`directory` of this repository")
	out := flag.String("out", "", "`file` for the lines, as a container runtime writes them")
	collector := flag.String("collector", "", "`host:port` that spans go to, over OTLP and gRPC")
	rounds := flag.Int("rounds", 100, "how often everything is called")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *root, *out, *collector, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "logs:", err)
		stop()
		os.Exit(1)
	}
}

// outcome is what the caller compares with the documents that arrived.
type outcome struct {
	Lines int `json:"lines"`
	Calls int `json:"calls"`
	// Trace is the id that the last caller over REST sent.
	Trace string `json:"trace"`
}

func run(ctx context.Context, root, out, collector string, rounds int) (err error) {
	root, err = filepath.Abs(root)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "logs-")
	if err != nil {
		return err
	}
	servers := running.Servers{Scripts: filepath.Join(root, "test/servers"), Dir: filepath.Join(dir, "servers")}
	defer func() {
		err = errors.Join(err, servers.Stop(context.WithoutCancel(ctx)), os.RemoveAll(dir))
	}()
	if err := servers.Start(ctx, "mariadb", "redis", "kafka"); err != nil {
		return err
	}
	issuer, err := issuertest.New("orders")
	if err != nil {
		return err
	}
	service, err := start(ctx, root, dir, collector, &servers, issuer)
	if err != nil {
		return err
	}
	runtime := &containerRuntime{from: service.Log, to: out, ended: make(chan struct{}), done: make(chan error, 1)}
	go runtime.run()
	calls, trace, err := use(ctx, service, issuer, rounds)
	err = errors.Join(err, service.Stop())
	close(runtime.ended)
	if err := errors.Join(err, <-runtime.done); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(outcome{Lines: runtime.lines, Calls: calls, Trace: trace})
}

func start(ctx context.Context, root, dir, collector string, servers *running.Servers, issuer *issuertest.Issuer) (*running.Service, error) {
	dsn, err := servers.Do(ctx, "mariadb", "dsn")
	if err != nil {
		return nil, err
	}
	database, err := running.Database(ctx, dsn, "logs")
	if err != nil {
		return nil, err
	}
	brokers, err := servers.Do(ctx, "kafka", "addr")
	if err != nil {
		return nil, err
	}
	redis, err := servers.Do(ctx, "redis", "addr")
	if err != nil {
		return nil, err
	}
	service, err := running.Build(ctx, root, dir, "orders", append(issuer.Environment(),
		"ENVIRONMENT=staging", "LOG_LEVEL=debug", "LOG_SOURCE=true", "OTEL_EXPORTER_OTLP_ENDPOINT=http://"+collector,
		"MYSQL_ADDR="+database.Addr, "MYSQL_USER="+database.User, "MYSQL_PASSWORD="+database.Passwd, "MYSQL_DATABASE="+database.DBName,
		"KAFKA_BROKERS="+brokers, "KAFKA_TOPIC_REPLICATION=1", "ASYNQ_REDIS_ADDR="+redis, "CACHE_REDIS_ADDR="+redis, "CACHE_REDIS_DB=1",
		// Every success is logged too.
		"MAX_OPEN_ORDERS=0", "HTTP_LOG_RATE=100000", "GRPC_LOG_RATE=100000")...)
	if err != nil {
		return nil, err
	}
	return service, errors.Join(service.Run(ctx, "migrate"), service.Run(ctx, "topics", "-all"), service.Serve(ctx))
}

// use calls the service over both APIs, with and without what it wants, and returns how many calls there were and the id of the last
// trace that a caller began.
func use(ctx context.Context, service *running.Service, issuer *issuertest.Issuer, rounds int) (calls int, trace string, err error) {
	token := issuer.Token("orders.read", "orders.write")
	client := service.Client()
	connection, err := service.Dial()
	if err != nil {
		return 0, "", err
	}
	orders := ordersv1.NewOrderServiceClient(connection)
	for range rounds {
		good := fmt.Sprintf(`{"customer_id": %q, "email": "somebody@example.com", "total": "12.50"}`, uuid.New())
		for _, one := range []struct{ method, path, body, token string }{
			{http.MethodPost, "/v1/orders", good, token},
			{http.MethodPost, "/v1/orders", `{"total": "much"}`, token},
			{http.MethodGet, "/v1/orders?page_size=5", "", token},
			{http.MethodGet, "/v1/orders?page_size=5", "", ""},
			{http.MethodGet, "/v1/orders/" + uuid.NewString(), "", token},
		} {
			id := uuid.New()
			trace = hex.EncodeToString(id[:])
			if err := call(ctx, client, "https://"+service.API+one.path, one.method, one.body, one.token, trace); err != nil {
				return calls, trace, err
			}
			calls++
		}
		ctx := metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token)
		if _, err := orders.ListOrders(ctx, &ordersv1.ListOrdersRequest{PageSize: 5}); err != nil {
			return calls, trace, err
		}
		calls++
	}
	return calls, trace, connection.Close()
}

// call sends a request of a trace; any answer will do.
func call(ctx context.Context, client *http.Client, url, method, body, token, trace string) error {
	request, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader([]byte(body)))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Traceparent", "00-"+trace+"-00000000000000ff-01")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, response.Body)
	return errors.Join(err, response.Body.Close())
}

// containerRuntime copies a log into the form in which containerd and CRI-O keep one: time, stream, whether the line is whole.
type containerRuntime struct {
	from, to string
	// ended is closed when nothing more will be written; then the rest is copied.
	ended chan struct{}
	done  chan error
	lines int
}

func (r *containerRuntime) run() { r.done <- r.copyAll() }

func (r *containerRuntime) copyAll() (err error) {
	in, err := os.Open(r.from)
	if err != nil {
		return err
	}
	out, err := os.Create(r.to)
	if err != nil {
		return errors.Join(err, in.Close())
	}
	defer func() { err = errors.Join(err, in.Close(), out.Close()) }()
	reader := bufio.NewReader(in)
	var line []byte
	for isLast := false; ; {
		part, err := reader.ReadBytes('\n')
		line = append(line, part...)
		if err == nil {
			if _, err := fmt.Fprintf(out, "%s stdout F %s", time.Now().UTC().Format(time.RFC3339Nano), line); err != nil {
				return err
			}
			r.lines++
			line = line[:0]
			continue
		}
		if !errors.Is(err, io.EOF) || isLast {
			return errorUnlessEOF(err)
		}
		select {
		case <-r.ended:
			isLast = true
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func errorUnlessEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
