// jsfive ships no declarations; this is the part of it that hdf5.ts uses.
declare module 'jsfive' {
  type Attributes = Record<string, unknown>;
  export class Dataset {
    readonly shape: number[];
    readonly dtype: string | unknown[];
    readonly attrs: Attributes;
    readonly value: ArrayLike<number>;
  }
  export class Group {
    readonly keys: string[];
    readonly attrs: Attributes;
    get(name: string): Group | Dataset;
  }
  export class File extends Group {
    constructor(buffer: ArrayBuffer, filename: string);
  }
}
