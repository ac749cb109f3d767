// Files on their way in: dropped (folders too), pasted, picked. The page holds them and never reads them; the ui knows
// their ids and names, and the worker reads their bytes.

import type { Source } from '../engine/client';
import type { NamedFile } from './ui_module';

export class FileStore {
  private readonly sources = new Map<number, Source>();
  private next = 1;

  add(source: Source): number {
    this.sources.set(this.next, source);
    return this.next++;
  }
  get(id: number): Source {
    const source = this.sources.get(id);
    if (!source) throw new Error(`file ${id} is gone`);
    return source;
  }
  release(id: number): void {
    this.sources.delete(id);
  }
}

interface Found {
  file: File;
  name: string;
  fromFolder: boolean;
}

export interface FileActions {
  add(files: NamedFile[]): void;
  hover(active: boolean): void;
  nothingFound(sentence: string): void;
}

export function connectFiles(store: FileStore, actions: FileActions): { picked(files: FileList): void } {
  const hand = (found: Found[]) => {
    if (found.length === 0) return;
    actions.add(found.map(({ file, name, fromFolder }) => ({ id: store.add(file), name, bytes: file.size, fromFolder })));
  };
  const take = (transfer: DataTransfer) => {
    void collect(transfer).then((found) => {
      if (found.length === 0 && transfer.types.includes('Files')) actions.nothingFound('The folder that was dropped holds no files.');
      hand(found);
    }, (error: Error) => actions.nothingFound(`The folder could not be read: ${error.message}`));
  };

  // Before GLFW's own drop listener, which would copy every byte on this thread.
  let depth = 0;
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  const on = (type: 'dragenter' | 'dragover' | 'dragleave' | 'drop', listener: (event: DragEvent) => void) =>
    window.addEventListener(type, (event) => {
      event.stopImmediatePropagation();
      if (hasFiles(event)) listener(event);
    }, true);
  on('dragenter', (event) => {
    event.preventDefault();
    if (depth++ === 0) actions.hover(true);
  });
  on('dragover', (event) => {
    event.preventDefault();
    event.dataTransfer!.dropEffect = 'copy';
  });
  on('dragleave', () => {
    if (--depth <= 0) {
      depth = 0;
      actions.hover(false);
    }
  });
  on('drop', (event) => {
    event.preventDefault();
    depth = 0;
    actions.hover(false);
    take(event.dataTransfer!);
  });

  document.addEventListener('paste', (event) => {
    const files = [...event.clipboardData?.files ?? []];
    if (files.length === 0) return;
    event.preventDefault();
    hand(files.map((file) => ({ file, name: file.name || 'pasted.png', fromFolder: false })));
  });

  return {
    picked(files: FileList) {
      hand([...files].map((file) => ({
        file, name: file.webkitRelativePath || file.name, fromFolder: file.webkitRelativePath !== '',
      })));
    },
  };
}

/** Opens the machine's file dialog where no mirrored input did so by itself. */
export function openPicker(what: 'pictures' | 'folder' | 'model', picked: (files: FileList) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = what !== 'folder';
  input.webkitdirectory = what === 'folder';
  if (what === 'pictures') input.accept = 'image/*';
  input.addEventListener('change', () => { if (input.files?.length) picked(input.files); });
  input.click();
}

/** Everything in a drop, folders walked through. Entries must be asked for before the event is over. */
async function collect(transfer: DataTransfer): Promise<Found[]> {
  const items = [...transfer.items].filter((item) => item.kind === 'file');
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? null);
  const files = items.map((item) => item.getAsFile());
  const found: Found[] = [];
  for (let i = 0; i < items.length; ++i) {
    const entry = entries[i], file = files[i];
    if (entry?.isDirectory) await walk(entry as FileSystemDirectoryEntry, found);
    else if (file) found.push({ file, name: file.name, fromFolder: false });
  }
  return found;
}

async function walk(folder: FileSystemDirectoryEntry, found: Found[]): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    // A reader gives its entries in portions; an empty one is the end.
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (portion.length === 0) return;
    for (const entry of portion) {
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory) {
        await walk(entry as FileSystemDirectoryEntry, found);
      } else {
        const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
        found.push({ file, name: entry.fullPath.replace(/^\//, ''), fromFolder: true });
      }
    }
  }
}

/** Hands a text to the visitor as a file. */
export function saveText(fileName: string, mimeType: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: `${mimeType};charset=utf-8` }));
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
