// Files on their way in: dropped (folders too), pasted, picked. The page holds them and never reads them; the ui knows
// their ids and names, and the worker reads their bytes. The camera's shots are kept here, too.

import type { Source } from '../engine/client';
import { kPictureAccept, nameFor } from '../engine/pictures';
import { comparePaths } from './paths';
import type { FilesFrom, NamedFile } from './ui_module';

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
  add(files: NamedFile[], from: FilesFrom): void;
  /** Files are dragged over this place of the window. */
  hover(active: boolean, x: number, y: number): void;
  nothingFound(sentence: string): void;
}

export function connectFiles(store: FileStore, actions: FileActions): { picked(files: FileList, control?: number): void } {
  const hand = (found: Found[], from: FilesFrom) => {
    if (found.length === 0) return;
    if (found.some(({ fromFolder }) => fromFolder)) found.sort((a, b) => comparePaths(a.name, b.name));
    actions.add(found.map(({ file, name, fromFolder }) => ({ id: store.add(file), name, bytes: file.size, fromFolder })), from);
  };
  const take = (transfer: DataTransfer, x: number, y: number) => {
    void collect(transfer).then((found) => {
      if (found.length === 0) actions.nothingFound('The folder that was dropped holds no files.');
      hand(found, { kind: 'dropped', x, y });
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
    depth++;
    actions.hover(true, event.clientX, event.clientY);
  });
  let over = { x: -1, y: -1 };
  on('dragover', (event) => {
    event.preventDefault();
    event.dataTransfer!.dropEffect = 'copy';
    const { clientX: x, clientY: y } = event;
    if (x !== over.x || y !== over.y) actions.hover(true, x, y);  // it comes again and again, also from a hand that rests
    over = { x, y };
  });
  on('dragleave', () => {
    if (--depth <= 0) {
      depth = 0;
      actions.hover(false, 0, 0);
    }
  });
  on('drop', (event) => {
    event.preventDefault();
    depth = 0;
    actions.hover(false, 0, 0);
    take(event.dataTransfer!, event.clientX, event.clientY);
  });

  document.addEventListener('paste', (event) => {
    const files = [...event.clipboardData?.files ?? []];
    if (files.length === 0) return;
    event.preventDefault();
    hand(files.map((file) => ({ file, name: file.name || nameFor('pasted', file.type), fromFolder: false })), { kind: 'pasted' });
  });

  return {
    picked(files: FileList, control = 0) {
      hand([...files].map((file) => ({
        file, name: file.webkitRelativePath || file.name, fromFolder: file.webkitRelativePath !== '',
      })).filter(({ name }) => !/(^|\/)\./.test(name)), { kind: 'picked', control });
    },
  };
}

/** Opens the machine's file dialog where no mirrored input did so by itself. */
export function openPicker(what: 'pictures' | 'folder' | 'model', picked: (files: FileList) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = what !== 'folder';
  input.webkitdirectory = what === 'folder';
  if (what === 'pictures') input.accept = kPictureAccept;
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
  saveBlob(fileName, new Blob([text], { type: `${mimeType};charset=utf-8` }));
}

export function saveBlob(fileName: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
