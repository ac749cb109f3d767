// A script in a thread of its own, in a browser; and one that such a thread is to import.

export function threadOf(script: string): Worker {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new Worker(url);
  URL.revokeObjectURL(url);
  return worker;
}

export const addressOf = async (script: Blob): Promise<string> => URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
