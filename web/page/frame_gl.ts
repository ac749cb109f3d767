// Frames on the graphics card: a video's newest frame goes into a texture, and a shot of it (cropped and resized by
// shaders/crop_resize.frag) comes back as 224 × 224 RGBA8, top row first. No 2-D canvas on the way, and nobody waits: a shot
// is read into a buffer of the card's, and fetched when a fence says that it is there.
//
// The canvas's context is shared with the ui, which binds what it needs before each use; what is changed here is put back
// to WebGL's defaults.

import fragmentSource from '../../shaders/crop_resize.frag';
import vertexSource from '../../shaders/crop_resize.vert';
import { cropPlan, kBorderGrey, kSide, type CropMode } from './crop';

const kShotBytes = kSide * kSide * 4;
const kPollMs = 4;

interface PendingShot {
  buffer: WebGLBuffer;
  fence: WebGLSync;
  done(pixels: ArrayBuffer | null): void;
}

export class FrameGl {
  private readonly program: WebGLProgram;
  private readonly uniforms: Record<'crop' | 'box' | 'target' | 'border', WebGLUniformLocation | null>;
  private readonly target: WebGLTexture;
  private readonly framebuffer: WebGLFramebuffer;
  private readonly vertices: WebGLVertexArrayObject;
  private pending: PendingShot[] = [];
  private timer = 0;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.program = linkProgram(gl);
    const uniform = (name: string) => gl.getUniformLocation(this.program, name);
    this.uniforms = { crop: uniform('u_crop'), box: uniform('u_box'), target: uniform('u_target'), border: uniform('u_border') };
    this.vertices = gl.createVertexArray()!;
    this.target = gl.createTexture()!;
    gl.bindTexture(gl.TEXTURE_2D, this.target);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, kSide, kSide);
    gl.bindTexture(gl.TEXTURE_2D, null);
    this.framebuffer = gl.createFramebuffer()!;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.framebuffer);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.target, 0);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  }

  /** A texture for upload(), where the ui has none of its own to show. */
  createTexture(): WebGLTexture {
    const { gl } = this;
    const texture = gl.createTexture()!;
    gl.bindTexture(gl.TEXTURE_2D, texture);
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, name, gl.LINEAR);
    gl.bindTexture(gl.TEXTURE_2D, null);
    return texture;
  }

  deleteTexture(texture: WebGLTexture): void {
    this.gl.deleteTexture(texture);
  }

  /** The picture as it is now becomes all of the texture, its top row first. */
  upload(texture: WebGLTexture, picture: TexImageSource): void {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, picture);
    gl.bindTexture(gl.TEXTURE_2D, null);
  }

  /** The square of a texture of this size; null if the graphics card is lost meanwhile. */
  shoot(texture: WebGLTexture, width: number, height: number, mode: CropMode): Promise<ArrayBuffer | null> {
    const { gl } = this;
    this.draw(texture, width, height, mode);
    const buffer = this.createBuffer();
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, this.framebuffer);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.readPixels(0, 0, kSide, kSide, gl.RGBA, gl.UNSIGNED_BYTE, 0);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, null);
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    if (!fence) return Promise.resolve(null);
    gl.flush();
    return new Promise((done) => {
      this.pending.push({ buffer, fence, done });
      this.pollLater();
    });
  }

  /** Hands out the shots that have come back. */
  poll(): void {
    const { gl } = this;
    if (gl.isContextLost()) {
      for (const { done } of this.pending.splice(0)) done(null);
      return;
    }
    while (this.pending.length > 0 && gl.getSyncParameter(this.pending[0].fence, gl.SYNC_STATUS) === gl.SIGNALED) {
      const { buffer, fence, done } = this.pending.shift()!;
      const pixels = new Uint8Array(kShotBytes);
      gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
      gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, pixels);
      gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
      gl.deleteSync(fence);
      gl.deleteBuffer(buffer);
      done(pixels.buffer);
    }
  }

  private pollLater(): void {
    if (this.timer !== 0 || this.pending.length === 0) return;
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      this.poll();
      this.pollLater();
    }, kPollMs);
  }

  /** For one shot: Chromium keeps a copy of what a fence has seen in a buffer, at hand for reading, but only the first time. */
  private createBuffer(): WebGLBuffer {
    const { gl } = this;
    const buffer = gl.createBuffer()!;
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.bufferData(gl.PIXEL_PACK_BUFFER, kShotBytes, gl.STREAM_READ);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    return buffer;
  }

  private draw(texture: WebGLTexture, width: number, height: number, mode: CropMode): void {
    const { gl, uniforms } = this;
    const { crop, box, target } = cropPlan(width, height, mode);
    const viewport = gl.getParameter(gl.VIEWPORT) as Int32Array;
    const switched = [gl.BLEND, gl.SCISSOR_TEST, gl.CULL_FACE, gl.DEPTH_TEST].filter((capability) => gl.isEnabled(capability));
    for (const capability of switched) gl.disable(capability);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.framebuffer);
    gl.viewport(0, 0, kSide, kSide);
    gl.useProgram(this.program);
    gl.bindVertexArray(this.vertices);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.uniform4iv(uniforms.crop, crop);
    gl.uniform2iv(uniforms.box, box);
    gl.uniform4iv(uniforms.target, target);
    gl.uniform1f(uniforms.border, kBorderGrey / 255);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.bindTexture(gl.TEXTURE_2D, null);
    gl.bindVertexArray(null);
    gl.useProgram(null);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(viewport[0], viewport[1], viewport[2], viewport[3]);
    for (const capability of switched) gl.enable(capability);
  }
}

/** u_picture is texture unit 0, which is its default and the one that is active. */
function linkProgram(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram()!;
  const shaders = ([[gl.VERTEX_SHADER, vertexSource], [gl.FRAGMENT_SHADER, fragmentSource]] as const).map(([type, source]) => {
    const shader = gl.createShader(type)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    return shader;
  });
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    const logs = [...shaders.map((shader) => gl.getShaderInfoLog(shader)), gl.getProgramInfoLog(program)];
    throw new Error(`crop_resize cannot be compiled: ${logs.filter(Boolean).join(' ')}`);
  }
  for (const shader of shaders) gl.deleteShader(shader);
  return program;
}
