import type { Transport } from './transport.js';

export interface LiveEvent {
  /** `usage`, `status`, `decision`, `reset`, … */
  type: string;
  data: unknown;
}

export interface LiveOptions {
  subject?: string;
  onEvent: (event: LiveEvent) => void;
  /** The stream is open, or is not any more. */
  onOpen?: (open: boolean) => void;
}

const PAUSE_MIN_MS = 1_000;
const PAUSE_MAX_MS = 60_000;
/** Heartbeats come every 15 seconds: after so long without any the connection is dead. */
const SILENCE_MS = 45_000;
/** An event of ours is some kilobytes; what never ends is none. */
const EVENT_LENGTH_MAX = 1 << 20;

/**
 * Listens to what happens, as server-sent events, until it is stopped; comes again by itself where it was, ever more seldom as long as there is no
 * answer. By `fetch`, as `EventSource` cannot show a key.
 */
export function listen(transport: Transport, options: LiveOptions): () => void {
  const stop = new AbortController();
  void follow(transport, options, stop.signal);
  return () => stop.abort();
}

async function follow(transport: Transport, options: LiveOptions, stopped: AbortSignal): Promise<void> {
  const position: { id?: string } = {};
  let pause = PAUSE_MIN_MS;
  while (!stopped.aborted) {
    let opened = false;
    try {
      await once(transport, options, stopped, position, () => {
        opened = true;
        pause = PAUSE_MIN_MS;
        options.onOpen?.(true);
      });
    } catch {
      // Whoever listens asks by itself as well: a stream that is not there is no error of theirs.
    }
    if (stopped.aborted) return;
    if (opened) options.onOpen?.(false);
    await sleep(pause, stopped);
    pause = Math.min(pause * 2, PAUSE_MAX_MS);
  }
}

async function once(
  transport: Transport,
  options: LiveOptions,
  stopped: AbortSignal,
  position: { id?: string },
  opened: () => void,
): Promise<void> {
  const silence = new AbortController();
  const signal = AbortSignal.any([stopped, silence.signal]);
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const query = options.subject === undefined ? '' : `?subject=${encodeURIComponent(options.subject)}`;
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (position.id !== undefined) headers['last-event-id'] = position.id;
    const body = await transport.stream(`/stream${query}`, headers, signal);
    opened();
    const events = new Events((id, event) => {
      if (id !== undefined) position.id = id;
      if (!stopped.aborted) options.onEvent(event);
    });
    const decoder = new TextDecoder();
    const reader = body.getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      events.push(decoder.decode(piece.value, { stream: true }));
    }
  } finally {
    clearTimeout(timer);
  }
}

function sleep(ms: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    (timer as { unref?: () => void }).unref?.();
    stopped.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}

/** Reads events out of the pieces of a stream, wherever they are cut. */
export class Events {
  private rest = '';
  private id: string | undefined;
  private type = '';
  private data: string[] = [];
  private length = 0;

  constructor(private readonly told: (id: string | undefined, event: LiveEvent) => void) {}

  push(piece: string): void {
    this.rest += piece;
    // A carriage return at the end may be half of a line's end.
    const end = this.rest.endsWith('\r') ? this.rest.length - 1 : this.rest.length;
    const lines = this.rest.slice(0, end).split(/\r\n|\n|\r/);
    this.rest = (lines.pop() ?? '') + this.rest.slice(end);
    for (const line of lines) this.line(line);
    if (this.rest.length + this.length > EVENT_LENGTH_MAX) throw new Error('an event without an end');
  }

  private line(line: string): void {
    if (line === '') {
      this.end();
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.type = value;
    if (field === 'data') {
      this.data.push(value);
      this.length += value.length;
    }
    if (field === 'id') this.id = value;
  }

  private end(): void {
    const [type, data] = [this.type || 'message', this.data.join('\n')];
    const none = this.data.length === 0;
    this.type = '';
    this.data = [];
    this.length = 0;
    if (!none) this.told(this.id, { type, data: json(data) });
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
