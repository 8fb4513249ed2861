package export

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/console/lockfile"
)

// folderMode is fileMode for a folder.
const folderMode = 0o700

// What begins and ends the names beside the target.
const (
	workSuffix = ".partial"
	oldSuffix  = ".replaced"
	lockSuffix = ".lock"
)

// target is where an export goes, and what it is until it is complete.
type target struct {
	path string
	// work is a file or a folder beside path.
	work   string
	folder bool
	lock   *lockfile.Lock
}

// openTarget makes what the export is written into. It refuses to take the place of
// anything that is no export of the format.
func openTarget(path string, format Format) (*target, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, cannot(path, err)
	}
	switch resolved, err := filepath.EvalSymlinks(path); {
	case err == nil:
		path = resolved // A link is kept, and what it leads to is replaced.
	case !errors.Is(err, fs.ErrNotExist):
		return nil, cannot(path, err)
	}
	if err := replaceable(path, format); err != nil {
		return nil, err
	}
	t := &target{path: path, folder: format == CSV}
	beside := filepath.Join(filepath.Dir(path), "."+filepath.Base(path))
	if t.lock, err = lockfile.Hold(beside + lockSuffix); errors.Is(err, lockfile.ErrHeld) {
		return nil, fmt.Errorf("another run is writing %s: wait for its end, or name another place with --out", path)
	} else if err != nil {
		return nil, cannot(path, err)
	}
	t.work = beside + workSuffix
	if err := t.begin(); err != nil {
		return nil, errors.Join(cannot(path, err), t.close())
	}
	return t, nil
}

func cannot(path string, err error) error {
	return fmt.Errorf("the export cannot be written to %s: %w", path, err)
}

// begin makes the work, in place of what a run that was killed has left of it.
func (t *target) begin() error {
	if err := os.RemoveAll(t.work); err != nil {
		return err
	}
	if t.folder {
		return os.Mkdir(t.work, folderMode)
	}
	file, err := os.OpenFile(t.work, os.O_CREATE|os.O_EXCL|os.O_WRONLY, fileMode)
	if err != nil {
		return err
	}
	return file.Close()
}

// publish gives the complete export its name.
func (t *target) publish() error {
	if t.folder {
		return t.publishFolder()
	}
	file, err := os.OpenFile(t.work, os.O_RDWR, fileMode)
	if err != nil {
		return cannot(t.path, err)
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return cannot(t.path, err)
	}
	if err := os.Rename(t.work, t.path); err != nil {
		return cannot(t.path, err)
	}
	return nil
}

// publishFolder puts an older export aside first: no system replaces a folder that has
// something in it.
func (t *target) publishFolder() error {
	aside := filepath.Join(filepath.Dir(t.path), "."+filepath.Base(t.path)+oldSuffix)
	if err := os.RemoveAll(aside); err != nil {
		return cannot(t.path, err)
	}
	err := os.Rename(t.path, aside)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return cannot(t.path, err)
	}
	replaces := err == nil
	if err := os.Rename(t.work, t.path); err != nil {
		if replaces {
			err = errors.Join(err, os.Rename(aside, t.path))
		}
		return cannot(t.path, err)
	}
	if err := os.RemoveAll(aside); err != nil {
		return fmt.Errorf("the export is in %s, and the one before it could not be removed: %w", t.path, err)
	}
	return nil
}

// close leaves nothing beside the export.
func (t *target) close() error {
	return errors.Join(os.RemoveAll(t.work), t.lock.Release())
}

// replaceable refuses what an export must not take the place of: whatever is there and
// is no export was named by mistake. What is empty holds nothing to lose.
func replaceable(path string, format Format) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return cannot(path, err)
	case format == CSV && !info.IsDir():
		return fmt.Errorf("the export cannot be written to %s: CSV files are written into a folder, and this is none", path)
	case format != CSV && info.IsDir():
		return fmt.Errorf("the export cannot be written to %s: it is a folder", path)
	case format != CSV && !info.Mode().IsRegular():
		return fmt.Errorf("the export cannot be written to %s: it is not a file, or a link that leads nowhere", path)
	}
	var ours bool
	if format == CSV {
		ours, err = isCSVExport(path)
	} else {
		ours, err = isExport(path, format, info.Size())
	}
	switch {
	case err != nil:
		return fmt.Errorf("the export cannot be written to %s: what it is could not be read: %w", path, err)
	case !ours:
		return fmt.Errorf("the export cannot be written to %s: it is there and is no unchanged %s export; name another place with --out, or remove this one", path, format)
	}
	return nil
}

// isCSVExport reports whether a folder is an export with nothing besides.
func isCSVExport(path string) (bool, error) {
	entries, err := os.ReadDir(path)
	if err != nil || len(entries) == 0 {
		return err == nil, err
	}
	known := []string{explanation}
	for _, t := range tables() {
		known = append(known, t.name+csvSuffix)
	}
	for _, e := range entries {
		if !slices.Contains(known, e.Name()) || !e.Type().IsRegular() {
			return false, nil
		}
	}
	page, err := os.Open(filepath.Join(path, explanation))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { _ = page.Close() }()
	head, err := io.ReadAll(io.LimitReader(page, int64(len(pageMark))))
	return string(head) == pageMark, err
}

// isExport reports whether a file is a database or a workbook of ours, or empty.
func isExport(path string, format Format, size int64) (bool, error) {
	if size == 0 {
		return true, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer func() { _ = file.Close() }()
	if format == XLSX {
		return isWorkbookExport(file, size), nil
	}
	head, err := io.ReadAll(io.LimitReader(file, applicationAt+4))
	return isSQLiteExport(head), err
}

// isWorkbookExport tells from the workbook's properties: whoever saves it with notes of
// their own is named there as the last who did, and keeps it.
func isWorkbookExport(file io.ReaderAt, size int64) bool {
	packed, err := zip.NewReader(file, size)
	if err != nil {
		return false
	}
	part, err := packed.Open("docProps/core.xml")
	if err != nil {
		return false
	}
	defer func() { _ = part.Close() }()
	var properties struct {
		Creator        string `xml:"creator"`
		LastModifiedBy string `xml:"lastModifiedBy"`
	}
	const most = 1 << 16
	if xml.NewDecoder(io.LimitReader(part, most)).Decode(&properties) != nil {
		return false
	}
	return properties.Creator == mark && properties.LastModifiedBy == mark
}
