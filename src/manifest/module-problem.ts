/** Names that Windows gives to devices. Source: golang.org/x/mod/module, badWindowsNames. */
const windowsNames = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])$/i;

/**
 * Returns what keeps a text from being the path of a Go module that others can fetch, if anything. The rules are those
 * of golang.org/x/mod/module.CheckPath.
 */
export function moduleProblem(path: string): string | undefined {
  if (path === '') return 'a Go module path is needed';
  if (path.startsWith('/')) return 'a Go module path is not absolute';
  if (/[a-z]:\/\//i.test(path)) return 'a Go module path has no scheme such as https://';
  if (path.startsWith('-')) return 'a Go module path does not begin with a dash';
  if (path.endsWith('/')) return 'a Go module path does not end in a slash';
  const elements = path.split('/');
  const problem = elements.map(elementProblem).find((each) => each !== undefined);
  return problem ?? firstElementProblem(elements[0] ?? '') ?? versionProblem(path);
}

function elementProblem(element: string): string | undefined {
  if (element === '') return 'a Go module path has no empty elements (//)';
  if (/^\.+$/.test(element)) return `a Go module path has no element ${element}`;
  if (element.startsWith('.')) return 'no element of a Go module path begins with a dot';
  if (element.endsWith('.')) return 'no element of a Go module path ends in a dot';
  const wrong = /[^A-Za-z0-9._~-]/.exec(element)?.[0];
  if (wrong !== undefined) return `a Go module path has no ${JSON.stringify(wrong)}`;
  const [short = ''] = element.split('.');
  if (windowsNames.test(short)) return `${short} is a device on Windows, so no Go module path holds it`;
  return /~[0-9]+$/.test(short) ? 'no element of a Go module path looks like a short name of Windows (~1)' : undefined;
}

function firstElementProblem(first: string): string | undefined {
  if (!first.includes('.')) return 'a Go module path begins with a host, such as github.com, which has a dot';
  const wrong = /[^a-z0-9.-]/.exec(first)?.[0];
  return wrong === undefined ? undefined : `the host of a Go module path has no ${JSON.stringify(wrong)}`;
}

/** Source: golang.org/x/mod/module, SplitPathVersion. */
function versionProblem(path: string): string | undefined {
  if (path.startsWith('gopkg.in/')) {
    return /\.v(0|[1-9][0-9]*)(-unstable)?$/.test(path)
      ? undefined
      : 'a path at gopkg.in ends in a version such as .v1';
  }
  const version = /\/v([0-9.]+)$/.exec(path)?.[1];
  const isMajor = version === undefined || /^([2-9]|[1-9][0-9]+)$/.test(version);
  return isMajor ? undefined : 'a Go module path ends in /v2 or above, or in no version';
}
