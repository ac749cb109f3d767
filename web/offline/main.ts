// The page of the single HTML file: engine and model lie in it, nothing is fetched. One picture takes some 10 ms, so there is no Worker,
// which a page from file:// could not start everywhere.
/// <reference path="engine.d.ts" />
import factory from 'handful-engine';
import type { ClassProbability, Event } from '../engine/messages';
import { copyIn, postTo } from '../engine/module_memory';
import type { EngineModule } from '../engine/types';
import { listenForDrops } from '../library/drops';

interface Description {
  title: string;
  classes: string[];
  preprocessing: { crop: string; words: string };
  golden: { file: string; label: string; probabilities: number[] }[];
}

const kTolerance = 1e-3;  // of a probability, between machines
const $ = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const textOf = (id: string) => $(id).textContent!.trim();
const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

const description = JSON.parse(textOf('description')) as Description;
const canvas = document.createElement('canvas');
const context = canvas.getContext('2d', { willReadFrequently: true })!;

class Engine {
  private constructor(private readonly module: EngineModule, private readonly events: Event[]) {}

  static async start(): Promise<Engine> {
    const packed = new Blob([bytesOf(textOf('engine'))]).stream().pipeThrough(new DecompressionStream('gzip'));
    const wasmBinary = new Uint8Array(await new Response(packed).arrayBuffer());
    const events: Event[] = [];
    const module = await factory({ wasmBinary, onEvent: (_type, _id, body) => events.push(JSON.parse(body) as Event) });
    return new Engine(module, events);
  }

  /** The one event that answers; throws what Failed says. */
  ask<Type extends Event['type']>(command: object, bytes: Uint8Array, type: Type): Extract<Event, { type: Type }> {
    this.events.length = 0;
    postTo(this.module, JSON.stringify({ ...command, id: 1 }), [copyIn(this.module, bytes)]);
    while (this.module._handful_step() !== 0);
    const failed = this.events.find((event) => event.type === 'Failed');
    if (failed) throw new Error((failed as Extract<Event, { type: 'Failed' }>).message);
    return this.events.find((event) => event.type === type) as Extract<Event, { type: Type }>;
  }

  classify(source: CanvasImageSource, width: number, height: number): ClassProbability[] {
    canvas.width = width;
    canvas.height = height;
    context.drawImage(source, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    return this.ask({ type: 'Classify', width, height, top: description.classes.length }, new Uint8Array(data.buffer), 'Prediction').top;
  }
}

function show(top: ClassProbability[]): void {
  $('answers').replaceChildren(...top.slice(0, 5).map(({ label, p }) => {
    const item = document.createElement('li');
    const name = document.createElement('span'), percent = document.createElement('span'), meter = document.createElement('meter');
    name.textContent = label;
    percent.textContent = `${(p * 100).toFixed(1)} %`;
    meter.value = p;
    item.append(name, percent, meter);
    return item;
  }));
}

/** Whether this browser says what Handful said when the file was made. */
async function check(engine: Engine): Promise<void> {
  const pictures = JSON.parse(textOf('golden')) as string[];
  let largest = 0;
  for (const [i, base64] of pictures.entries()) {
    const bitmap = await createImageBitmap(new Blob([bytesOf(base64)], { type: 'image/png' }), { colorSpaceConversion: 'none' });
    const said = new Map(engine.classify(bitmap, bitmap.width, bitmap.height).map(({ label, p }) => [label, p]));
    description.golden[i].probabilities.forEach((p, c) => {
      largest = Math.max(largest, Math.abs(p - (said.get(description.classes[c]) ?? NaN)) || 0);
    });
    await new Promise((resolve) => setTimeout(resolve));
  }
  const right = largest <= kTolerance;
  document.body.dataset.difference = String(largest);
  $('check').textContent = right
    ? `Checked: on ${pictures.length} pictures this file answers as Handful did when it was made.`
    : `This file answers otherwise than Handful did when it was made: a probability differs by ${largest.toFixed(3)}.`;
}

async function watch(engine: Engine): Promise<void> {
  const video = $<HTMLVideoElement>('video');
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  } catch (error) {
    $('check').textContent = `There is no camera: ${(error as Error).message}.`;
    return;
  }
  await video.play();
  const facing = (video.srcObject as MediaStream).getVideoTracks()[0].getSettings().facingMode;
  $('stage').classList.toggle('mirrored', facing !== 'environment');
  present('video');
  const tick = () => {
    if (video.hidden) return;
    if (video.videoWidth > 0) show(engine.classify(video, video.videoWidth, video.videoHeight));
    requestAnimationFrame(tick);
  };
  tick();
}

/** The picture or the camera takes the stage. */
function present(id: 'video' | 'picture'): void {
  $('video').hidden = id !== 'video';
  $('picture').hidden = id !== 'picture';
  $('drop').hidden = true;
  const video = $<HTMLVideoElement>('video');
  if (id === 'picture' && video.srcObject) {
    for (const track of (video.srcObject as MediaStream).getTracks()) track.stop();
    video.srcObject = null;
  }
}

async function look(engine: Engine, file: File | undefined): Promise<void> {
  if (!file) return;
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
    $<HTMLImageElement>('picture').src = URL.createObjectURL(file);
    present('picture');
    show(engine.classify(bitmap, bitmap.width, bitmap.height));
  } catch {
    $('check').textContent = `${file.name} is not a picture that this browser can read.`;
  }
}

async function start(): Promise<void> {
  const { title, classes, preprocessing } = description;
  document.title = $('title').textContent = title || 'A model made with Handful';
  $('words').textContent = `It sees ${preprocessing.words}. Nothing leaves this machine; no network is needed.`;
  $('stage').classList.toggle('fit', preprocessing.crop === 'fit');
  const engine = await Engine.start();
  engine.ask({ type: 'LoadModel', names: ['model.safetensors'] }, bytesOf(textOf('model')), 'ModelLoaded');
  if (preprocessing.crop === 'fit') engine.ask({ type: 'SetCropMode', crop_mode: 'fit' }, new Uint8Array(), 'Done');
  $('lead').textContent = `Tells ${classes.length} classes apart: ${classes.join(', ')}.`;
  const file = $<HTMLInputElement>('file'), camera = $<HTMLButtonElement>('camera'), stage = $('stage');
  file.disabled = camera.disabled = false;
  file.onchange = () => void look(engine, file.files?.[0]);
  camera.onclick = () => void watch(engine);
  listenForDrops(stage, (file) => void look(engine, file));
  await check(engine);
}

start().catch((error: Error) => { $('lead').textContent = `It could not be started: ${error.message}`; });
