// The camera, as the ui wishes it (CameraWish of src/ui/base/host.h), and what became of the wish (CameraState). Frames go to
// whoever is told of them; nothing of them is kept here.

import type { CropMode } from './crop';

export interface CameraWish {
  on: boolean;
  /** an id of CameraState.devices; "": any */
  device: string;
  /** the one that looks away from the visitor, where no device is named */
  rear: boolean;
  crop_mode: CropMode;
}

export type CameraStatus = 'off' | 'starting' | 'on' | 'denied' | 'busy' | 'unplugged' | 'none' | 'insecure' | 'failed';

export interface CameraState {
  status: CameraStatus;
  /** of 'failed': the browser's words */
  message: string;
  devices: { id: string; label: string }[];
  device: string;
  rear: boolean;
  width: number;
  height: number;
}

export interface CameraActions {
  state(state: CameraState): void;
  /** A new frame of this size stands in the video; `seconds` on requestAnimationFrame's clock. */
  frame(video: HTMLVideoElement, width: number, height: number, seconds: number): void;
}

/** A page that nobody has looked at for so long lets go of the camera until somebody does. */
const kHiddenMs = 30_000;

const kStatusOfError: Record<string, CameraStatus> = {
  NotAllowedError: 'denied', SecurityError: 'denied', NotReadableError: 'busy', AbortError: 'busy', NotFoundError: 'none',
};

export class Camera {
  private wished: CameraWish = { on: false, device: '', rear: false, crop_mode: 'center' };
  private state: CameraState = { status: 'off', message: '', devices: [], device: '', rear: false, width: 0, height: 0 };
  private stream: MediaStream | null = null;
  private request = 0;  // the newest; what earlier ones still bring is stopped
  private hiddenTimer = 0;
  private readonly video = document.createElement('video');

  constructor(private readonly actions: CameraActions) {
    this.video.muted = true;
    this.video.playsInline = true;
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.devicesChanged());
    document.addEventListener('visibilitychange', () => this.visibilityChanged());
    void this.watchPermission();
  }

  get cropMode(): CropMode {
    return this.wished.crop_mode;
  }

  use(wish: CameraWish): void {
    const before = this.wished;
    this.wished = wish;
    const same = wish.on === before.on && wish.device === before.device && wish.rear === before.rear;
    const runs = this.state.status === 'on' || this.state.status === 'starting';
    if (!wish.on) this.stop('off');
    else if (!same || !runs) void this.start();
  }

  /** Off, and nothing more is said. */
  close(): void {
    this.wished = { ...this.wished, on: false };
    ++this.request;
    this.release();
  }

  private async start(): Promise<void> {
    this.release();
    const mine = ++this.request;
    const superseded = () => mine !== this.request;
    if (!navigator.mediaDevices?.getUserMedia) return this.stop('insecure');
    this.tell({ status: 'starting', message: '' });
    let stream: MediaStream;
    try {
      stream = await this.open();
    } catch (error) {
      if (superseded()) return;
      const { name, message } = error as DOMException;
      this.stop(kStatusOfError[name] ?? 'failed', message || name);
      return void this.listDevices();
    }
    if (superseded()) return stopTracks(stream);
    const [track] = stream.getVideoTracks();
    this.stream = stream;
    track.addEventListener('ended', () => {
      if (this.stream === stream) this.stop('unplugged');
    });
    this.video.srcObject = stream;
    try {
      await this.video.play();
    } catch (error) {
      if (!superseded()) this.stop('failed', (error as Error).message);
      return;
    }
    if (superseded()) return;
    const { deviceId = '', facingMode } = track.getSettings();
    this.tell({ status: 'on', device: deviceId, rear: facingMode === 'environment', width: this.video.videoWidth, height: this.video.videoHeight });
    this.nextFrame(mine);
    await this.listDevices();
  }

  private async open(): Promise<MediaStream> {
    const { device, rear } = this.wished;
    const get = (which: MediaTrackConstraints) => navigator.mediaDevices.getUserMedia({
      audio: false, video: { width: { ideal: 640 }, height: { ideal: 480 }, ...which },
    });
    const facing = { facingMode: { ideal: rear ? 'environment' : 'user' } };
    if (!device) return get(facing);
    try {
      return await get({ deviceId: { exact: device } });
    } catch (error) {
      if ((error as DOMException).name !== 'OverconstrainedError') throw error;
      return get(facing);  // the camera of that name is gone
    }
  }

  private nextFrame(request: number): void {
    const { video } = this;
    const shown = (now: number) => {
      if (request !== this.request) return;
      const { videoWidth: width, videoHeight: height } = video;
      if (width > 0 && height > 0) {
        if (width !== this.state.width || height !== this.state.height) this.tell({ width, height });  // a phone was turned
        this.actions.frame(video, width, height, now / 1000);
      }
      this.nextFrame(request);
    };
    if ('requestVideoFrameCallback' in video) {
      video.requestVideoFrameCallback(shown);
      return;
    }
    // Older browsers: a frame is new when the time is.
    const element = video as HTMLVideoElement, { currentTime } = element;
    const look = (now: number) => {
      if (request !== this.request) return;
      if (element.currentTime === currentTime) requestAnimationFrame(look);
      else shown(now);
    };
    requestAnimationFrame(look);
  }

  private stop(status: CameraStatus, message = ''): void {
    ++this.request;
    this.release();
    this.tell({ status, message: status === 'failed' ? message : '', device: '', rear: false, width: 0, height: 0 });
  }

  private release(): void {
    const { stream } = this;
    this.stream = null;
    this.video.srcObject = null;
    if (stream) stopTracks(stream);
  }

  private tell(change: Partial<CameraState>): void {
    this.state = { ...this.state, ...change };
    this.actions.state(this.state);
  }

  private async listDevices(): Promise<void> {
    const all = await navigator.mediaDevices?.enumerateDevices().catch(() => []) ?? [];
    const devices = all.filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '')
      .map(({ deviceId: id, label }, i) => ({ id, label: label || `Camera ${i + 1}` }));
    if (JSON.stringify(devices) !== JSON.stringify(this.state.devices)) this.tell({ devices });
  }

  private async devicesChanged(): Promise<void> {
    await this.listDevices();
    const { status, devices } = this.state;
    if (this.wished.on && devices.length > 0 && (status === 'none' || status === 'unplugged')) await this.start();
  }

  /** A refusal that is taken back in the browser's own settings is noticed where the browser says so. */
  private async watchPermission(): Promise<void> {
    try {
      const permission = await navigator.permissions.query({ name: 'camera' as PermissionName });
      permission.addEventListener('change', () => {
        if (permission.state === 'granted' && this.wished.on && this.state.status === 'denied') void this.start();
      });
    } catch {
      // Not every browser knows this permission; asking again by hand works there too.
    }
  }

  private visibilityChanged(): void {
    clearTimeout(this.hiddenTimer);
    if (document.hidden) {
      this.hiddenTimer = window.setTimeout(() => {
        if (this.state.status === 'on') this.stop('off');
      }, kHiddenMs);
    } else if (this.wished.on && this.state.status === 'off') {
      void this.start();
    }
  }
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
