// ui.wasm behind a typed door; the boundary is described in src/platform/web/ui_abi.h.

import type { Command } from '../engine/client';
import type { CameraState } from './camera';
import type { CropMode } from './crop';

export interface UiCallbacks {
  /** A command: its type, its id (0 where it has none), and all of it as JSON. */
  onCommand(type: Command['type'], id: number, body: string, fileIds: number[]): void;
  onRelease(fileId: number): void;
  onPick(what: 'pictures' | 'folder' | 'model'): void;
  onExample(): void;
  onTakeModel(): void;
  onSave(fileName: string, mimeType: string, text: string): void;
  onCamera(wishJson: string): void;
  onSampleVideo(fileId: number, shotsPerSecond: number, cropMode: CropMode): void;
  onAskToPersist(): void;
  onKeepBackbone(fileName: string): void;
  onTheme(mode: 'light' | 'dark'): void;
  onFetchLicenses(): void;
  onFrameWanted(): void;
  onAccess(json: string): void;
  rasterizeText(text: string, sizePx: number, strong: boolean, color: string): ImageData | null;
}

export interface NamedFile {
  id: number;
  name: string;
  bytes: number;
  fromFolder?: boolean;
}

/** Where files came from: FilesFrom of src/ui/base/host.h. */
export interface FilesFrom {
  kind: 'dropped' | 'picked' | 'pasted';
  /** of a drop: CSS px of the window */
  x?: number;
  y?: number;
  /** the mirrored file control that they were picked with */
  control?: number;
}

export interface Modifiers {
  ctrl: boolean;
  shift: boolean;
  alt: boolean;
}

interface Exports {
  HEAPU8: Uint8Array;
  GL: { textures: WebGLTexture[] };
  _ui_alloc(bytes: number): number;
  _ui_free(pointer: number): void;
  _ui_start(width: number, height: number, dpr: number, dark: number, regular: number, regularBytes: number,
            strong: number, strongBytes: number): number;
  _ui_resize(width: number, height: number, dpr: number): void;
  _ui_dark(dark: number): void;
  _ui_drop_active(active: number, x: number, y: number): void;
  _ui_file(id: number, name: number, length: number, bytes: number, fromFolder: number): void;
  _ui_files_end(kind: number, x: number, y: number, control: number): void;
  _ui_example(id: number, name: number, length: number): void;
  _ui_shipped(backboneId: number, backbone: number, backboneLength: number, backboneBytes: number, headId: number,
              head: number, headLength: number, headBytes: number, name: number, nameLength: number): void;
  _ui_shipped_end(): void;
  _ui_event(json: number, length: number, buffers: number, count: number): void;
  _ui_download(what: number, length: number, loaded: number, total: number): void;
  _ui_missing(sentence: number, length: number): void;
  _ui_engine_stopped(sentence: number, length: number): void;
  _ui_notice(kind: number, sentence: number, length: number): void;
  _ui_licenses(text: number, length: number): void;
  _ui_scroll_by(x: number, y: number, dy: number): void;
  _ui_scroll_to(region: number, y: number): void;
  _ui_activate(id: number): void;
  _ui_focus(id: number, ring: number): void;
  _ui_input(id: number, text: number, length: number, committed: number): void;
  _ui_choose(id: number, index: number): void;
  _ui_hold(id: number, down: number): void;
  _ui_key(name: number, length: number, modifiers: number, down: number): number;
  _ui_camera_state(json: number, length: number): void;
  _ui_camera_texture(width: number, height: number): number;
  _ui_camera_frame(seconds: number): number;
  _ui_shot(file: number, bytes: number, video: number, seconds: number, index: number, total: number): void;
  _ui_video_end(video: number, sentence: number, length: number): void;
  _ui_frame(seconds: number): number;
}

export type Factory = (options: object) => Promise<Exports>;

export class Ui {
  private readonly encoder = new TextEncoder();

  private constructor(private readonly module: Exports) {}

  static async load(factory: Factory, canvas: HTMLCanvasElement, wasmBinary: Uint8Array, callbacks: UiCallbacks): Promise<Ui> {
    return new Ui(await factory({ canvas, wasmBinary, ...callbacks }));
  }

  /** False where the browser has no WebGL 2. */
  start(size: { width: number; height: number; dpr: number }, dark: boolean, regular: Uint8Array, strong: Uint8Array): boolean {
    return this.lend([regular, strong], ([r, s]) =>
      this.module._ui_start(size.width, size.height, size.dpr, Number(dark), r, regular.length, s, strong.length)) === 1;
  }

  resize(width: number, height: number, dpr: number): void { this.module._ui_resize(width, height, dpr); }
  setDark(dark: boolean): void { this.module._ui_dark(Number(dark)); }
  setDropActive(active: boolean, x: number, y: number): void { this.module._ui_drop_active(Number(active), x, y); }
  scrollBy(x: number, y: number, dy: number): void { this.module._ui_scroll_by(x, y, dy); }
  scrollTo(region: number, y: number): void { this.module._ui_scroll_to(region, y); }
  activate(id: number): void { this.module._ui_activate(id); }
  focus(id: number, ring: boolean): void { this.module._ui_focus(id, Number(ring)); }
  choose(id: number, index: number): void { this.module._ui_choose(id, index); }
  hold(id: number, down: boolean): void { this.module._ui_hold(id, Number(down)); }
  input(id: number, text: string, committed: boolean): void {
    this.text(text, (p, n) => this.module._ui_input(id, p, n, Number(committed)));
  }
  /** Whether the key is used. */
  key(name: string, { ctrl, shift, alt }: Modifiers, down: boolean): boolean {
    return this.text(name, (p, n) => this.module._ui_key(p, n, Number(ctrl) + 2 * Number(shift) + 4 * Number(alt), Number(down))) === 1;
  }

  setCameraState(state: CameraState): void { this.text(JSON.stringify(state), (p, n) => this.module._ui_camera_state(p, n)); }
  /** The texture that the camera's frames go into. */
  cameraTexture(width: number, height: number): WebGLTexture {
    return this.module.GL.textures[this.module._ui_camera_texture(width, height)];
  }
  /** Whether a shot of this frame is wanted. */
  cameraFrame(seconds: number): boolean { return this.module._ui_camera_frame(seconds) === 1; }
  /** `video` 0: of the camera */
  shot(file: number, bytes: number, video: number, seconds: number, index: number, total: number): void {
    this.module._ui_shot(file, bytes, video, seconds, index, total);
  }
  videoEnd(video: number, sentence: string): void { this.text(sentence, (p, n) => this.module._ui_video_end(video, p, n)); }

  frame(seconds: number): boolean { return this.module._ui_frame(seconds) === 1; }

  addFiles(files: NamedFile[], { kind, x = 0, y = 0, control = 0 }: FilesFrom): void {
    for (const file of files) {
      this.text(file.name, (p, n) => this.module._ui_file(file.id, p, n, file.bytes, Number(file.fromFolder ?? false)));
    }
    this.module._ui_files_end(['dropped', 'picked', 'pasted'].indexOf(kind), x, y, control);
  }

  /** A project's zip, in answer to onExample. */
  openExample(id: number, name: string): void { this.text(name, (p, n) => this.module._ui_example(id, p, n)); }

  /** The preferred one first. */
  openShipped(backbones: { weights: NamedFile; head: NamedFile | null; name: string }[]): void {
    for (const { weights, head, name } of backbones) {
      const h = head ?? { id: 0, name: '', bytes: 0 };
      this.text(weights.name, (wp, wn) => this.text(h.name, (hp, hn) => this.text(name, (np, nn) =>
        this.module._ui_shipped(weights.id, wp, wn, weights.bytes, h.id, hp, hn, h.bytes, np, nn))));
    }
    this.module._ui_shipped_end();
  }

  event(json: string, buffers: ArrayBuffer[]): void {
    const views = buffers.map((buffer) => new Uint8Array(buffer));
    this.text(json, (p, n) => this.lend(views, (pointers) => {
      const pairs = new Uint32Array(pointers.flatMap((pointer, i) => [pointer, views[i].length]));
      this.lend([new Uint8Array(pairs.buffer)], ([table]) => this.module._ui_event(p, n, table, views.length));
    }));
  }

  download(what: string, loaded: number, total: number): void {
    this.text(what, (p, n) => this.module._ui_download(p, n, loaded, total));
  }
  missing(sentence: string): void { this.text(sentence, (p, n) => this.module._ui_missing(p, n)); }
  engineStopped(sentence: string): void { this.text(sentence, (p, n) => this.module._ui_engine_stopped(p, n)); }
  notice(kind: 'info' | 'warning' | 'error', sentence: string): void {
    this.text(sentence, (p, n) => this.module._ui_notice(['info', 'warning', 'error'].indexOf(kind), p, n));
  }
  setLicenses(text: string): void { this.text(text, (p, n) => this.module._ui_licenses(p, n)); }

  private text<T>(text: string, use: (pointer: number, length: number) => T): T {
    const bytes = this.encoder.encode(text);
    return this.lend([bytes], ([pointer]) => use(pointer, bytes.length));
  }

  /** Copies into the module's memory for the length of one call. */
  private lend<T>(parts: Uint8Array[], use: (pointers: number[]) => T): T {
    const pointers: number[] = [];
    try {
      for (const part of parts) {
        const pointer = this.module._ui_alloc(Math.max(1, part.length));
        if (pointer === 0) throw new Error(`not enough memory: ${(part.length / 1e6).toFixed(1)} MB were needed`);
        pointers.push(pointer);
        this.module.HEAPU8.set(part, pointer);
      }
      return use(pointers);
    } finally {
      for (const pointer of pointers) this.module._ui_free(pointer);
    }
  }
}
