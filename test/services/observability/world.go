package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"create-service/templates/components/auth/platform/issuertest"
	"create-service/test/services/running"
)

// world is everything that runs.
type world struct {
	root, dir string
	// steady servers stay, doomed ones are stopped.
	steady, doomed running.Servers
	prometheus     prometheus
	issuer         *issuertest.Issuer
	// places are the namespaces, in each of which the service runs.
	places []*place
	began  time.Time
}

// place is the service in a namespace of its own, with the fault that happens there.
type place struct {
	namespace string
	fault     fault
	// caused is when the fault was there.
	caused time.Time
	// processes are one of all roles, or one for each.
	processes []*process
	// catalog is the service that calls orders, where there is one.
	catalog *process
	mysql   *running.Servers
	kafka   *running.Servers
	brokers string
	client  *client
}

// process is one of a place.
type process struct {
	*running.Service
	// component is the label that the ServiceMonitor gives; none for a process of all roles.
	component string
	flags     []string
}

func newWorld(root, dir string) *world {
	servers := func(name string) running.Servers {
		return running.Servers{Scripts: filepath.Join(root, "test/servers"), Dir: filepath.Join(dir, name)}
	}
	return &world{root: root, dir: dir, steady: servers("steady"), doomed: servers("doomed")}
}

// start starts the servers, the services on them and Prometheus.
func (w *world) start(ctx context.Context) (err error) {
	if err := errors.Join(w.steady.Start(ctx, "mariadb", "redis", "kafka", "mongo"), w.doomed.Start(ctx, "mariadb", "kafka")); err != nil {
		return err
	}
	if w.issuer, err = issuertest.New("orders"); err != nil {
		return err
	}
	for number, f := range faults() {
		p, err := w.deploy(ctx, number, f)
		if err != nil {
			return fmt.Errorf("%s: %w", f.namespace, err)
		}
		w.places = append(w.places, p)
	}
	return w.startPrometheus(ctx)
}

// deploy runs the service in a namespace of its own.
func (w *world) deploy(ctx context.Context, number int, f fault) (*place, error) {
	p := &place{namespace: f.namespace, fault: f, mysql: &w.steady, kafka: &w.steady}
	if f.mysql {
		p.mysql = &w.doomed
	}
	if f.kafka {
		p.kafka = &w.doomed
	}
	environ, err := w.environment(ctx, p, number)
	if err != nil {
		return nil, err
	}
	kinds := []process{{}}
	if f.apart {
		kinds = []process{{component: "server", flags: []string{"-role", "api"}}, {component: "worker", flags: []string{"-role", "worker"}}}
	}
	for _, kind := range kinds {
		dir := filepath.Join(w.dir, p.namespace, kind.component)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
		if kind.Service, err = running.Build(ctx, w.root, dir, "orders", environ...); err != nil {
			return nil, err
		}
		p.processes = append(p.processes, &kind)
	}
	if f.catalog {
		if p.catalog, err = w.deployCatalog(ctx, p); err != nil {
			return nil, err
		}
	}
	for _, one := range p.all() {
		if err := errors.Join(one.Run(ctx, "migrate"), one.Run(ctx, "topics", "-all")); err != nil {
			return nil, err
		}
	}
	for _, one := range p.all() {
		if err := one.Serve(ctx, one.flags...); err != nil {
			return nil, err
		}
	}
	p.client, err = newClient(p, w.issuer)
	return p, err
}

// deployCatalog builds the service catalog beside orders; they trust one another.
func (w *world) deployCatalog(ctx context.Context, p *place) (*process, error) {
	uri, err := w.steady.Do(ctx, "mongo", "uri")
	if err != nil {
		return nil, err
	}
	service, err := running.Build(ctx, w.root, filepath.Join(w.dir, p.namespace), "catalog", append(w.issuer.Environment(),
		"MONGODB_URI="+uri, "MONGODB_DATABASE="+p.namespace,
		"KAFKA_BROKERS="+p.brokers, "KAFKA_TOPIC_REPLICATION=1", "KAFKA_TOPIC_PREFIX="+p.prefix(),
		"ORDERS_ADDR=dns:///"+strings.Replace(p.processes[0].GRPC, "127.0.0.1", "localhost", 1), "ORDERS_BREAKER_CALLS=5",
		"TRACE_SAMPLE_RATIO=0")...)
	return &process{Service: service}, err
}

// all are the processes of the place, of both services.
func (p *place) all() []*process {
	if p.catalog == nil {
		return p.processes
	}
	return append(slices.Clone(p.processes), p.catalog)
}

// environment says where the servers are. What is shared is kept apart by the namespace or its number.
func (w *world) environment(ctx context.Context, p *place, number int) ([]string, error) {
	dsn, err := p.mysql.Do(ctx, "mariadb", "dsn")
	if err != nil {
		return nil, err
	}
	database, err := running.Database(ctx, dsn, p.namespace)
	if err != nil {
		return nil, err
	}
	if p.brokers, err = p.kafka.Do(ctx, "kafka", "addr"); err != nil {
		return nil, err
	}
	redis, err := w.steady.Do(ctx, "redis", "addr")
	if err != nil {
		return nil, err
	}
	return append(w.issuer.Environment(),
		"MYSQL_ADDR="+database.Addr, "MYSQL_USER="+database.User, "MYSQL_PASSWORD="+database.Passwd, "MYSQL_DATABASE="+database.DBName,
		"KAFKA_BROKERS="+p.brokers, "KAFKA_TOPIC_REPLICATION=1", "KAFKA_TOPIC_PREFIX="+p.prefix(),
		"ASYNQ_REDIS_ADDR="+redis, "ASYNQ_REDIS_DB="+strconv.Itoa(number),
		"CACHE_REDIS_ADDR="+redis, "CACHE_REDIS_DB="+strconv.Itoa(number+8),
		"MAX_OPEN_ORDERS=0", "TRACE_SAMPLE_RATIO=0"), nil
}

// prefix is what the names of the place's topics and groups begin with.
func (p *place) prefix() string { return p.namespace + "." }

// services are those that are watched.
func services() []string { return []string{"orders", "catalog"} }

// monitoring is where a service keeps its rules and its dashboard.
func (w *world) monitoring(service, file string) string {
	return filepath.Join(w.root, "examples", service, "deployments/kubernetes/components/monitoring", file)
}

// rules returns what stands below the spec of a service's PrometheusRule.
func (w *world) rules(service string) (string, error) {
	manifest, err := os.ReadFile(w.monitoring(service, "prometheus-rule.yaml"))
	if err != nil {
		return "", err
	}
	_, rules, found := strings.Cut(string(manifest), "\nspec:\n")
	if !found {
		return "", fmt.Errorf("the PrometheusRule of %s has no spec", service)
	}
	return rules, nil
}

// startPrometheus gives Prometheus the services' rules, and the intervals and labels that it has in a cluster.
func (w *world) startPrometheus(ctx context.Context) error {
	var text strings.Builder
	fmt.Fprintf(&text, "global: { scrape_interval: 15s, scrape_timeout: 10s, evaluation_interval: 30s }\n")
	fmt.Fprintf(&text, "rule_files: [%q]\nscrape_configs:\n", filepath.Join(w.dir, "rules-*.yaml"))
	for _, service := range services() {
		rules, err := w.rules(service)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(w.dir, "rules-"+service+".yaml"), []byte(rules), 0o600); err != nil {
			return err
		}
		fmt.Fprintf(&text, "  - job_name: %s\n    static_configs:\n", service)
		for _, p := range w.places {
			for _, one := range p.all() {
				if one.Name == service {
					fmt.Fprintf(&text, "      - { targets: [%q], labels: { namespace: %q, component: %q } }\n", one.Admin, p.namespace, one.component)
				}
			}
		}
	}
	config := filepath.Join(w.dir, "prometheus.yaml")
	if err := os.WriteFile(config, []byte(text.String()), 0o600); err != nil {
		return err
	}
	w.steady.Environ = append(w.steady.Environ, "PROMETHEUS_CONFIG="+config)
	w.began = time.Now()
	if err := w.steady.Start(ctx, "prometheus"); err != nil {
		return err
	}
	addr, err := w.steady.Do(ctx, "prometheus", "addr")
	w.prometheus = prometheus{base: "http://" + addr}
	return err
}

func (w *world) stop(ctx context.Context) error {
	var problems []error
	for _, p := range w.places {
		for _, one := range p.all() {
			problems = append(problems, one.Stop())
		}
		problems = append(problems, p.client.close())
	}
	if w.issuer != nil {
		w.issuer.Close()
	}
	return errors.Join(append(problems, w.steady.Stop(ctx), w.doomed.Stop(ctx))...)
}
