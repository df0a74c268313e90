/** Tells whether a path follows from the merged tree: Go of .proto files, and the files of Go modules. */
export function isDerived(path: string): boolean {
  return path.endsWith('.pb.go') || isModuleFile(path);
}

/** Tells whether a path is a go.mod or a go.sum. */
export function isModuleFile(path: string): boolean {
  return /(^|\/)go\.(mod|sum)$/.test(path);
}
