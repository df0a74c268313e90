// Package identity says which service, build and process this is: the same answer for logs, spans and metrics.
package identity

import (
	"os"
	"runtime/debug"
)

// Config is the part of the identity that the environment decides.
type Config struct {
	// Environment is the name of the deployment environment. Logs, spans and metrics carry it.
	Environment string `env:"ENVIRONMENT" envDefault:"dev"`
}

// Service identifies one process of a service.
type Service struct {
	// Name is the service's name, for example "orders".
	Name string
	// Version is the build's version, for example "v1.4.0".
	Version string
	// Environment is the deployment environment, for example "prod".
	Environment string
	// Instance tells the processes of one service apart: the host name, which in Kubernetes is the pod's name.
	Instance string
}

// New returns the identity of this process. An empty version is replaced by the one that the Go toolchain
// recorded in the binary.
func New(name, version string, cfg Config) Service {
	if version == "" {
		version = recordedVersion()
	}
	instance, err := os.Hostname()
	if err != nil {
		instance = "unknown"
	}
	return Service{Name: name, Version: version, Environment: cfg.Environment, Instance: instance}
}

func recordedVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}
