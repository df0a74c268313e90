package mongotest

import (
	"context"
	"net/url"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"create-service/templates/service/platform/testserver"
)

// Server is the MongoDB server of the tests, for [testserver.Main]: the one that TEST_MONGO_URI names, for example
// "mongodb://root:secret@127.0.0.1:27017/", else a mongod on the PATH, else the stand-in.
func Server() testserver.Server {
	return testserver.Server{
		Name:    "MongoDB",
		Key:     "TEST_MONGO_URI",
		Value:   uriOf,
		Ready:   ready,
		StandIn: "MONGODB_URI",
		Programs: []testserver.Program{
			{Name: "mongod", Arguments: arguments},
		},
	}
}

// arguments are those of a server that listens on loopback only and lets everybody in.
func arguments(dir, port string) []string {
	return []string{"--dbpath", dir, "--bind_ip", "127.0.0.1", "--port", port, "--nounixsocket", "--setParameter", "diagnosticDataCollectionEnabled=false"}
}

// uriOf returns the URI of a server that listens on an address; the stand-in gives its URI itself.
func uriOf(addr string) string {
	if at, err := url.Parse(addr); err == nil && at.Host != "" {
		return addr
	}
	return "mongodb://" + addr + "/"
}

func ready(ctx context.Context, uri string) error {
	return connected(ctx, uri, func(ctx context.Context, client *mongo.Client) error { return client.Ping(ctx, nil) })
}

// server is a URI taken apart, as the service's configuration has it.
type server struct {
	uri, user, password, authSource string
}

func parse(text string) (server, error) {
	uri, err := url.Parse(text)
	if err != nil {
		return server{}, err
	}
	s := server{user: uri.User.Username()}
	if s.user != "" {
		s.password, _ = uri.User.Password()
		s.authSource = "admin"
	}
	query := uri.Query()
	if named := query.Get("authSource"); named != "" {
		s.authSource = named
		query.Del("authSource")
	}
	uri.User, uri.RawQuery = nil, query.Encode()
	s.uri = uri.String()
	return s, nil
}
