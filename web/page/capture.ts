// Camera and video files, from the browser to the ui: frames into its texture, shots into the file store.

import { Camera, type CameraWish } from './camera';
import type { CropMode } from './crop';
import type { FileStore } from './files';
import { FrameGl } from './frame_gl';
import type { Ui } from './ui_module';
import { VideoSampler } from './video_file';

export class Capture {
  private readonly camera: Camera;
  private readonly videos: VideoSampler;
  private frames: FrameGl | null = null;

  /** `canvas` has its context from the ui already. */
  constructor(private readonly ui: Ui, private readonly canvas: HTMLCanvasElement, private readonly store: FileStore) {
    this.camera = new Camera({
      state: (state) => ui.setCameraState(state),
      frame: (video, width, height, seconds) => this.cameraFrame(video, width, height, seconds),
    });
    this.videos = new VideoSampler(() => this.gl(), {
      shot: (pixels, video, seconds, index, total) => this.hand(pixels, video, seconds, index, total),
      end: (video, sentence) => ui.videoEnd(video, sentence),
    });
  }

  // Called from inside the ui, which is answered when it has finished.

  useCamera(wishJson: string): void {
    queueMicrotask(() => this.camera.use(JSON.parse(wishJson) as CameraWish));
  }

  sampleVideo(file: number, shotsPerSecond: number, cropMode: CropMode): void {
    queueMicrotask(() => this.sample(file, shotsPerSecond, cropMode));
  }

  /** The ui has no more use for a file. */
  released(file: number): void {
    this.videos.released(file);
  }

  /** For good: the page cannot go on. */
  stop(): void {
    this.camera.close();
  }

  private sample(file: number, shotsPerSecond: number, cropMode: CropMode): void {
    if (shotsPerSecond <= 0) return this.videos.stop(file);
    const source = this.store.get(file);
    if (source instanceof Blob) this.videos.start(file, source, shotsPerSecond, cropMode);
    else this.ui.videoEnd(file, 'Only a video file of this machine can be opened.');
  }

  private cameraFrame(video: HTMLVideoElement, width: number, height: number, seconds: number): void {
    const texture = this.ui.cameraTexture(width, height);
    this.gl().upload(texture, video);
    if (!this.ui.cameraFrame(seconds)) return;
    void this.gl().shoot(texture, width, height, this.camera.cropMode).then((pixels) => {
      if (pixels) this.hand(pixels, 0, seconds, 0, 0);
    });
  }

  private hand(pixels: ArrayBuffer, video: number, seconds: number, index: number, total: number): number {
    const bytes = pixels.byteLength;
    const file = this.store.add(pixels);
    this.ui.shot(file, bytes, video, seconds, index, total);
    return file;
  }

  private gl(): FrameGl {
    this.frames ??= new FrameGl(this.canvas.getContext('webgl2')!);
    return this.frames;
  }
}
