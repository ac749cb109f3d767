// The order in which files of a folder come: that of src/cli/files.cpp, folder by folder and byte by byte of UTF-8, so that
// the same folder gives the same samples in the same order on the page and in the shell.

export function comparePaths(a: string, b: string): number {
  const as = a.split('/'), bs = b.split('/');
  for (let i = 0; i < as.length && i < bs.length; ++i) {
    const order = compareBytes(as[i], bs[i]);
    if (order !== 0) return order;
  }
  return as.length - bs.length;
}

/** Code points in ascending order are bytes of UTF-8 in ascending order; UTF-16 is not. */
function compareBytes(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length;) {
    const x = a.codePointAt(i)!, y = b.codePointAt(i)!;
    if (x !== y) return x - y;
    i += x > 0xFFFF ? 2 : 1;
  }
  return a.length - b.length;
}
