/** Server-sent events by `fetch`: an `EventSource` neither says in which language to tell, nor why it was not let in. */

/** The hub says something every 15 seconds, if only that it is there. */
const SILENCE_MS = 40_000;

export type Told = { event: string; data: string };

/** Cuts what comes into events; comments and other fields are left out. */
export function reader(tell: (told: Told) => void): (chunk: string) => void {
  let rest = "";
  let event = "";
  let data: string[] = [];
  return (chunk) => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const value = line.slice(line.indexOf(":") + 1).replace(/^ /, "");
      if (line === "") {
        if (data.length > 0) tell({ event, data: data.join("\n") });
        event = "";
        data = [];
      } else if (line.startsWith("event:")) event = value;
      else if (line.startsWith("data:")) data.push(value);
    }
  };
}

/** Follows until it is cut or ended, and then throws why. `open` hears that it began. */
export async function follow(
  path: string,
  { signal, open, tell }: { signal: AbortSignal; open: () => void; tell: (told: Told) => void },
): Promise<never> {
  const silent = new AbortController();
  let watch = setTimeout(() => silent.abort(), SILENCE_MS);
  try {
    const response = await fetch(path, {
      headers: { Accept: "text/event-stream", "Accept-Language": document.documentElement.lang },
      signal: AbortSignal.any([signal, silent.signal]),
    });
    if (!response.ok || !response.body) throw new Error(`${response.status}`);
    open();
    const read = reader(tell);
    const chunks = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await chunks.read();
      if (done) throw new Error("it ended");
      clearTimeout(watch);
      watch = setTimeout(() => silent.abort(), SILENCE_MS);
      read(value);
    }
  } finally {
    clearTimeout(watch);
  }
}
