// Video files as a source of shots: one file after the other is opened in a <video>, sought to each moment, and its frame
// goes the way of the camera's (frame_gl.ts). At most kUnused shots wait for the ui at a time.

import type { CropMode } from './crop';
import type { FrameGl } from './frame_gl';

const kUnused = 3;
const kOpenMs = 20_000;
/** Seeking beyond the end makes the browser look for it, in files that do not say how long they are. */
const kBeyondTheEnd = 1e7;

export interface VideoActions {
  /** Keeps the pixels as a file, tells the ui, and returns the file's id. */
  shot(pixels: ArrayBuffer, video: number, seconds: number, index: number, total: number): number;
  end(video: number, sentence: string): void;
}

interface Job {
  video: number;
  file: Blob;
  shotsPerSecond: number;
  cropMode: CropMode;
  stopped: boolean;
}

export class VideoSampler {
  private readonly jobs: Job[] = [];
  private readonly unused = new Set<number>();  // files of shots that the ui still needs
  private wake: (() => void) | null = null;
  private running = false;

  constructor(private readonly frames: () => FrameGl, private readonly actions: VideoActions) {}

  start(video: number, file: Blob, shotsPerSecond: number, cropMode: CropMode): void {
    this.jobs.push({ video, file, shotsPerSecond, cropMode, stopped: false });
    if (!this.running) void this.runAll();
  }

  stop(video: number): void {
    for (const job of this.jobs) if (job.video === video) job.stopped = true;
    this.wakeUp();
  }

  /** The ui has no more use for a file, perhaps a shot. */
  released(file: number): void {
    if (this.unused.delete(file)) this.wakeUp();
  }

  private wakeUp(): void {
    this.wake?.();
    this.wake = null;
  }

  private async runAll(): Promise<void> {
    this.running = true;
    for (let job = this.jobs[0]; job; job = this.jobs[0]) {
      let sentence = '';
      try {
        await this.run(job);
      } catch (error) {
        sentence = (error as Error).message;
      }
      this.jobs.shift();
      this.actions.end(job.video, job.stopped ? '' : sentence);
    }
    this.running = false;
  }

  private async run(job: Job): Promise<void> {
    if (job.stopped) return;
    const frames = this.frames();
    const video = document.createElement('video');
    video.muted = true;
    video.playsInline = true;
    video.preload = 'auto';
    const url = URL.createObjectURL(job.file);
    const texture = frames.createTexture();
    try {
      await event(video, 'loadedmetadata', () => { video.src = url; });
      const { videoWidth: width, videoHeight: height } = video;
      if (width === 0 || height === 0) throw new Error('This file has sound, but no pictures that this browser can show.');
      const duration = await durationOf(video);
      const total = Math.max(1, Math.floor(duration * job.shotsPerSecond + 1e-6));
      for (let index = 0; index < total; ++index) {
        while (this.unused.size >= kUnused && !job.stopped) await new Promise<void>((resolve) => { this.wake = resolve; });
        if (job.stopped) return;
        const seconds = Math.min((index + 0.5) / job.shotsPerSecond, duration / 2 + index / job.shotsPerSecond);
        await event(video, 'seeked', () => { video.currentTime = seconds; });
        frames.upload(texture, video);
        const pixels = await frames.shoot(texture, width, height, job.cropMode);
        if (!pixels || job.stopped) return;
        this.unused.add(this.actions.shot(pixels, job.video, seconds, index, total));
      }
    } finally {
      frames.deleteTexture(texture);
      video.removeAttribute('src');
      video.load();
      URL.revokeObjectURL(url);
    }
  }
}

async function durationOf(video: HTMLVideoElement): Promise<number> {
  if (video.duration === Infinity) await event(video, 'durationchange', () => { video.currentTime = kBeyondTheEnd; });
  if (!Number.isFinite(video.duration) || video.duration <= 0) throw new Error('This video does not say how long it is, and the browser cannot tell.');
  return video.duration;
}

/** Begins something of a video and waits for its event. */
function event(video: HTMLVideoElement, name: string, begin: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void) => {
      clearTimeout(timer);
      video.removeEventListener(name, done);
      video.removeEventListener('error', failed);
      outcome();
    };
    const done = () => settle(resolve);
    const failed = () => settle(() => reject(new Error('This browser cannot play this video: its format is not known here, or the file is damaged.')));
    const timer = setTimeout(() => settle(() => reject(new Error(`This video did not answer for ${kOpenMs / 1000} seconds.`))), kOpenMs);
    video.addEventListener(name, done);
    video.addEventListener('error', failed);
    begin();
  });
}
