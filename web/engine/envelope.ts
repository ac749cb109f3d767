// A command or an event on its way: who hands it on looks at the header, and only who uses it parses the body.
import type { Command, Event } from './messages';
import type { Posted } from './protocol';

/** Parses the body when it is first asked for, and writes it when it is first sent, each at most once. */
export class Envelope<Message extends Command | Event> {
  private constructor(readonly type: Message['type'], readonly id: number, private json: string | null, private parsed: Message | null) {}

  static of<Message extends Command | Event>(message: Message): Envelope<Message> {
    return new Envelope(message.type, 'id' in message ? message.id ?? 0 : 0, null, message);
  }

  static from<Message extends Command | Event>({ type, id, body }: Posted<Message>): Envelope<Message> {
    return new Envelope<Message>(type, id, body, null);
  }

  get message(): Message {
    return this.parsed ??= JSON.parse(this.json!) as Message;
  }

  get body(): string {
    return this.json ??= JSON.stringify(this.parsed);
  }

  get posted(): Posted<Message> {
    return { type: this.type, id: this.id, body: this.body };
  }
}
