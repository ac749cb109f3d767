// What a picture is called and may be, by the one list of kinds there is (src/image/kinds.h).
import { kPictureKinds, type PictureKind } from './picture_kinds';

/** What the ending of a file's name or path promises; null where that is no picture's. */
export function kindOfName(path: string): PictureKind | null {
  const ending = /\.([^./]*)$/.exec(path)?.[1].toLowerCase() ?? '';
  return kPictureKinds.find(({ extensions }) => extensions.includes(ending)) ?? null;
}

/** For a file input. Dialogs that do not know a format's type still know its endings. */
export const kPictureAccept = ['image/*', ...kPictureKinds.flatMap(({ extensions }) => extensions.map((extension) => `.${extension}`))].join();

/** A name for a picture that came without one: "pasted.png". */
export function nameFor(stem: string, mime: string): string {
  return `${stem}.${kPictureKinds.find((kind) => kind.mime !== '' && kind.mime === mime)?.extensions[0] ?? 'png'}`;
}
