// A command and its one answer, for parts of the page that are not the user interface: their ids are above all of its own.
import type { CommandInput, EngineClient } from './client';
import type { Event } from './messages';

/** Answers to ids from here on are nobody else's. */
export const kFirstOwnId = 2 ** 52;  // src/ui/base/requests.h stays below 2^44
let lastId = kFirstOwnId;

/** Rejects with the sentence of Failed, or when the engine stops. */
export function ask<Type extends Event['type']>(
  engine: EngineClient, command: CommandInput, type: Type): Promise<{ event: Extract<Event, { type: Type }>; buffers: ArrayBuffer[] }> {
  const id = ++lastId;
  return new Promise((resolve, reject) => {
    const end = () => unsubscribe.forEach((off) => off());
    const unsubscribe = [
      engine.onAny((event, buffers) => {
        if (event.id !== id) return;
        end();
        if (event.type === type) resolve({ event: event.message as Extract<Event, { type: Type }>, buffers });
        else reject(new Error(event.type === 'Failed' ? (event.message as Extract<Event, { type: 'Failed' }>).message : event.type));
      }),
      engine.onCrash(({ message }) => {
        end();
        reject(new Error(message));
      }),
    ];
    engine.post({ ...command, id } as CommandInput);
  });
}
