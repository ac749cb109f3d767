// The dialog in which a model leaves. A page of its own as far as weight goes: fetched, with the converter behind it, when it is asked for.
import { ask } from '../engine/ask';
import type { EngineClient } from '../engine/client';
import { Exporter, type Exported, type ExportTarget } from '../engine/exporter';
import { saveBlob } from './files';

/** Settles when the dialog is shown. */
export async function takeModel(engine: EngineClient, base: URL): Promise<void> {
  await style(new URL('takeaway.css', base));
  const exporter = new Exporter(base);
  const dialog = element('dialog', { className: 'takeaway' });
  const list = element('ul');
  const title = element('h1', { id: 'takeaway-title', textContent: 'Take it with you' });
  const close = element('button', { className: 'close', textContent: '✕', ariaLabel: 'Close', onclick: () => dialog.close() });
  const lead = element('p', { textContent: 'Every form is read back and compared with Handful before you get it, and carries pictures and numbers to check it with where it goes.' });
  const header = element('header');
  header.append(title, close);
  dialog.append(header, lead, list);
  dialog.setAttribute('aria-labelledby', title.id);
  dialog.addEventListener('close', () => {
    exporter.dispose();
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  try {
    for (const target of await exporter.targets()) list.append(row(target, () => make(engine, exporter, target)));
  } catch (error) {
    lead.textContent = `The converter could not be loaded: ${(error as Error).message}`;
    lead.setAttribute('role', 'alert');
  }
}

async function make(engine: EngineClient, exporter: Exporter, target: ExportTarget): Promise<string> {
  const { event, buffers } = await ask(engine, { type: 'GatherModel' }, 'ModelMaterial');
  const exported = await exporter.make(target.name, event, buffers);
  saveBlob(exported.name, exported.zip);
  return proof(exported);
}

function proof({ name, zip, verification: { largest_difference, same_first, golden, drawn, held_out, right_before, right_after } }: Exported): string {
  const read = `${name}, ${(zip.size / 1e6).toFixed(1)} MB. Read back: the same first answer on ${same_first} of ${golden} ${drawn ? 'drawn pictures, there being none of yours' : 'pictures'}, ` +
    `probabilities differ by ${largest_difference === 0 ? 'nothing' : `at most ${largest_difference.toPrecision(2)}`}.`;
  return held_out === 0 ? read : `${read} Of ${held_out} held-out pictures ${right_before} were right before, ${right_after} are now.`;
}

function row({ name, title, who }: ExportTarget, download: () => Promise<string>): HTMLLIElement {
  const item = element('li');
  const said = element('output');
  const button = element('button', { textContent: 'Download', ariaLabel: `Download ${title}` });
  item.dataset.target = name;
  button.onclick = async () => {
    button.disabled = true;
    item.setAttribute('aria-busy', 'true');
    said.className = '';
    said.textContent = 'Being made and read back …';
    try {
      said.textContent = await download();
    } catch (error) {
      said.className = 'failed';
      said.textContent = `It could not be made: ${(error as Error).message}.`;
    }
    item.removeAttribute('aria-busy');
    button.disabled = false;
  };
  item.append(element('h2', { textContent: title }), element('p', { textContent: who }), button, said);
  return item;
}

function element<Name extends keyof HTMLElementTagNameMap>(name: Name, properties: Partial<HTMLElementTagNameMap[Name]> = {}): HTMLElementTagNameMap[Name] {
  return Object.assign(document.createElement(name), properties);
}

/** The style sheet, once. */
function style(href: URL): Promise<void> {
  if (document.querySelector(`link[href="${href.href}"]`)) return Promise.resolve();
  const link = element('link', { rel: 'stylesheet', href: href.href });
  return new Promise((resolve, reject) => {
    link.onload = () => resolve();
    link.onerror = () => reject(new Error('takeaway.css is missing'));
    document.head.append(link);
  });
}
