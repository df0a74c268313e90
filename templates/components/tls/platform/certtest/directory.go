package certtest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// dataLink is the symbolic link by which Kubernetes changes all files of a mounted Secret at once.
const dataLink = "..data"

// Write makes the files those of the directory, which is made when it is missing. As in a mounted Secret each file is a
// symbolic link through ..data, so that whoever opens them sees the ones from before or the new ones.
func (f Files) Write(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	version, err := os.MkdirTemp(dir, "..version-")
	if err != nil {
		return err
	}
	for name, text := range f {
		if err := os.WriteFile(filepath.Join(version, name), text, 0o600); err != nil {
			return err
		}
	}
	link := filepath.Join(dir, dataLink)
	before, _ := os.Readlink(link)
	if err := replaceLink(filepath.Base(version), link); err != nil {
		return err
	}
	for name := range f {
		err := os.Symlink(filepath.Join(dataLink, name), filepath.Join(dir, name))
		if err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	if before == "" {
		return nil
	}
	return os.RemoveAll(filepath.Join(dir, before))
}

// replaceLink makes link point to target in one step.
func replaceLink(target, link string) error {
	next := link + "-" + target
	if err := os.Symlink(target, next); err != nil {
		return err
	}
	return os.Rename(next, link)
}

// Read returns the files of a directory.
func Read(dir string) (Files, error) {
	files := Files{}
	for _, name := range []string{CertificateFile, KeyFile, AuthorityFile} {
		text, err := fs.ReadFile(os.DirFS(dir), name)
		if err != nil {
			return nil, err
		}
		files[name] = text
	}
	return files, nil
}
