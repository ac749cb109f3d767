// <handful-classifier src="model.safetensors" camera top="3"></handful-classifier>: a model for people who write no JavaScript. It answers
// pictures that are dropped or chosen, and with `camera` what the camera sees.
//
//   src       address of the model: all that Handful.load() takes
//   backbone  address of the feature extractor, where the model needs one and brings none; else that of the site
//   camera    offers the camera
//   top       how many answers, 3
//
// Events that bubble: `ready` (detail: the model), `prediction` (detail: the answer), `error` (detail: the sentence).
import { listenForDrops } from './drops';
import { createHandful, type Handful, type Picture, type Prediction } from './handful';

const kStyle = `
  :host { display: block; max-width: 28rem; font: inherit; color: inherit }
  :host([hidden]) { display: none }
  .stage { position: relative; border: 2px dashed color-mix(in srgb, currentColor 35%, transparent); border-radius: 12px; overflow: hidden;
           min-height: 8rem; display: grid; place-items: center; padding: 0.75rem; gap: 0.75rem }
  .stage.over { border-color: Highlight }
  video, img { max-width: 100%; max-height: 20rem; border-radius: 8px; display: block }
  video { transform: scaleX(-1) }
  .buttons { display: flex; flex-wrap: wrap; gap: 0.5rem; justify-content: center }
  button { font: inherit; padding: 0.6rem 1rem; min-height: 44px; border-radius: 8px; border: 1px solid color-mix(in srgb, currentColor 35%, transparent);
           background: transparent; color: inherit; cursor: pointer }
  ol { list-style: none; margin: 0.75rem 0 0; padding: 0 }
  li { display: grid; grid-template-columns: minmax(0, 1fr) 6rem 4rem; gap: 0.5rem; align-items: center; padding: 0.2rem 0 }
  li span:first-child { overflow-wrap: anywhere }
  li:first-child { font-weight: 600 }
  li span:last-child { text-align: right; font-variant-numeric: tabular-nums }
  meter { width: 100% }
  p { margin: 0.75rem 0 0 }
  [hidden] { display: none !important }
`;

const kBody = `
  <style>${kStyle}</style>
  <div class="stage" part="stage">
    <video playsinline muted hidden></video><img alt="" hidden>
    <div class="buttons">
      <button type="button" class="choose">Choose a picture</button>
      <button type="button" class="camera" hidden>Turn on the camera</button>
    </div>
    <input type="file" accept="image/*" hidden>
  </div>
  <p role="status" part="status"></p>
  <ol part="answers" aria-label="Answers"></ol>
`;

export class HandfulClassifier extends HTMLElement {
  static readonly observedAttributes = ['src', 'camera'];
  private readonly root = this.attachShadow({ mode: 'open' });
  private handful: Promise<Handful> | null = null;
  private starts = 0;
  private stream: MediaStream | null = null;
  private shown = '';  // the picture's object URL

  constructor() {
    super();
    this.root.innerHTML = kBody;
    const stage = this.one('.stage'), input = this.one<HTMLInputElement>('input');
    this.one('.choose').onclick = () => input.click();
    this.one('.camera').onclick = () => void this.toggleCamera();
    input.onchange = () => {
      if (input.files?.[0]) void this.show(input.files[0]);
      input.value = '';
    };
    listenForDrops(stage, (file) => void (file && this.show(file)));
  }

  connectedCallback(): void {
    this.one('.camera').hidden = !this.hasAttribute('camera');
    void this.ready().catch(() => {});  // said by then
  }

  disconnectedCallback(): void {
    this.stopCamera();
    URL.revokeObjectURL(this.shown);
    void this.handful?.then((handful) => handful.dispose(), () => {});
    this.handful = null;
  }

  attributeChangedCallback(name: string, before: string | null): void {
    this.one('.camera').hidden = !this.hasAttribute('camera');
    if (name !== 'src' || before === null || !this.isConnected) return;
    this.disconnectedCallback();
    this.connectedCallback();
  }

  /** The engine with the model loaded. */
  ready(): Promise<Handful> {
    return this.handful ??= this.start(++this.starts);
  }

  /** Asks about a picture, shows the answers and says them as `prediction`. */
  async classify(picture: Picture): Promise<Prediction> {
    const handful = await this.ready();
    const prediction = await handful.classify(picture, { top: Number(this.getAttribute('top')) || 3 });
    this.answer(prediction);
    return prediction;
  }

  private one<T extends HTMLElement = HTMLElement>(selector: string): T {
    return this.root.querySelector<T>(selector)!;
  }

  // What an earlier one has to say, when src has changed meanwhile, is not said any more.
  private async start(number: number): Promise<Handful> {
    const src = this.getAttribute('src'), backbone = this.getAttribute('backbone');
    this.say('Loading the model …');
    let handful: Handful | null = null;
    try {
      if (!src) throw new Error('The attribute src is missing: it names the model.');
      handful = await createHandful(backbone === null ? {} : { backbone });
      const model = await handful.load(src);
      if (!model) throw new Error(`${src} is a backbone: it knows no classes.`);
      if (number === this.starts) {
        this.say('');
        this.tell('ready', model);
      }
      return handful;
    } catch (error) {
      handful?.dispose();
      if (number === this.starts) this.fail(error);
      throw error;
    }
  }

  private async show(file: File): Promise<void> {
    this.stopCamera();
    const image = this.one<HTMLImageElement>('img');
    URL.revokeObjectURL(this.shown);
    image.src = this.shown = URL.createObjectURL(file);
    image.alt = file.name;
    image.hidden = false;
    try {
      await this.classify(file);
    } catch (error) {
      this.fail(error);
    }
  }

  private async toggleCamera(): Promise<void> {
    if (this.stream) return this.stopCamera();
    const video = this.one<HTMLVideoElement>('video');
    try {
      await this.ready();
      const stream = this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      this.one('img').hidden = true;
      video.srcObject = stream;
      video.hidden = false;
      this.one('.camera').textContent = 'Turn off the camera';
      await video.play();
      while (this.stream === stream) {
        if (!document.hidden) await this.classify(video);
        await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
      }
    } catch (error) {
      this.stopCamera();
      this.fail(error);
    }
  }

  private stopCamera(): void {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    const video = this.one<HTMLVideoElement>('video');
    video.srcObject = null;
    video.hidden = true;
    this.one('.camera').textContent = 'Turn on the camera';
  }

  private answer(prediction: Prediction): void {
    this.say('');
    this.one('ol').replaceChildren(...prediction.top.map(({ label, p }) => {
      const item = document.createElement('li'), name = document.createElement('span'), percent = document.createElement('span');
      const meter = document.createElement('meter');
      name.textContent = label;
      percent.textContent = `${(100 * p).toFixed(1)} %`;
      meter.value = p;
      meter.ariaHidden = 'true';
      item.append(name, meter, percent);
      return item;
    }));
    this.tell('prediction', prediction);
  }

  private fail(error: unknown): void {
    const sentence = error instanceof Error ? error.message : String(error);
    this.one('ol').replaceChildren();
    this.say(sentence);
    this.tell('error', sentence);
  }

  private say(text: string): void {
    this.one('[role=status]').textContent = text;
  }

  private tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

customElements.define('handful-classifier', HandfulClassifier);
