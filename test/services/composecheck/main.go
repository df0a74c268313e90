// Command composecheck loads compose files with the reference implementation and reports what that loader lets pass:
// a service that waits for the health of one without a health check, a bind mount of nothing, a port that is open to
// other machines, an image without a version.
//
// usage: composecheck FILE...
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, files []string) error {
	options, err := cli.NewProjectOptions(files, cli.WithOsEnv, cli.WithDefaultProfiles("*"))
	if err != nil {
		return err
	}
	project, err := options.LoadProject(ctx)
	if err != nil {
		return err
	}
	var problems []error
	for _, service := range project.Services {
		problems = append(problems, dependencies(project, service), mounts(service), ports(service), image(service))
	}
	return errors.Join(problems...)
}

func dependencies(project *types.Project, service types.ServiceConfig) error {
	var problems []error
	for name, dependency := range service.DependsOn {
		if dependency.Condition == types.ServiceConditionHealthy && project.Services[name].HealthCheck == nil {
			problems = append(problems, fmt.Errorf("%s waits for the health of %s, which has no health check", service.Name, name))
		}
	}
	return errors.Join(problems...)
}

func mounts(service types.ServiceConfig) error {
	var problems []error
	for _, volume := range service.Volumes {
		if volume.Type != types.VolumeTypeBind {
			continue
		}
		// What Docker itself has is not here.
		if isDockers(volume.Source) {
			continue
		}
		if _, err := os.Stat(volume.Source); err != nil {
			problems = append(problems, fmt.Errorf("%s mounts what is not there: %w", service.Name, err))
		}
	}
	return errors.Join(problems...)
}

// isDockers reports whether a path is the engine's socket, or in the directory where it keeps containers.
func isDockers(source string) bool {
	return source == "/var/run/docker.sock" || strings.HasPrefix(source, "/var/lib/docker/")
}

func ports(service types.ServiceConfig) error {
	var problems []error
	for _, port := range service.Ports {
		if port.HostIP != "127.0.0.1" {
			problems = append(problems, fmt.Errorf("%s publishes port %s on more than loopback", service.Name, port.Published))
		}
	}
	return errors.Join(problems...)
}

func image(service types.ServiceConfig) error {
	_, tag, tagged := strings.Cut(service.Image, ":")
	if !tagged || tag == "latest" {
		return fmt.Errorf("%s has no version of its image: %q", service.Name, service.Image)
	}
	return nil
}
