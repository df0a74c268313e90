import { type Path, type Report, shown } from '../problem.js';

/** Reports every item of a list that is there before. */
export function repeatedItems(items: readonly string[] | undefined, path: Path, report: Report): void {
  items?.forEach((item, index) => {
    if (items.indexOf(item) < index) report([...path, index], `${shown(item)} is there twice`);
  });
}
