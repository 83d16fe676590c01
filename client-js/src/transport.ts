import { RequestRefusedError, UnavailableError } from './errors.js';

export type Key = string | (() => string | Promise<string>);

export interface TransportOptions {
  url: string;
  key: Key;
  timeoutMs: number;
  fetch: typeof fetch;
}

export type Json = Record<string, unknown>;

const ATTEMPTS_MAX = 3;
const PAUSE_MS = 100;

/** Carries requests to the server, within a time that holds for all attempts together. What has no code of Quotary is no answer of it. */
export class Transport {
  constructor(private readonly options: TransportOptions) {}

  /**
   * The body of a success or of a denial.
   *
   * @param repeat whether the same request may be sent again although it may have had its effect
   */
  async call(method: 'GET' | 'POST', path: string, body?: unknown, repeat = true): Promise<Json> {
    const signal = AbortSignal.timeout(this.options.timeoutMs);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(method, path, body, signal);
      } catch (e) {
        const last = attempt === ATTEMPTS_MAX || !repeat || signal.aborted;
        if (last || !(e instanceof UnavailableError)) throw e;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt));
      }
    }
  }

  /** The body of an answer that goes on and on. It has no time-out: whoever reads it knows how long silence may last. */
  async stream(path: string, more: Record<string, string>, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const headers = { ...more, authorization: `Bearer ${await this.key()}` };
    const response = await this.options.fetch(`${this.options.url}/api/v1/usage${path}`, { headers, signal, redirect: 'error' });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new UnavailableError(`Quotary did not answer: status ${response.status}`);
    }
    return response.body;
  }

  private async key(): Promise<string> {
    return typeof this.options.key === 'function' ? this.options.key() : this.options.key;
  }

  private async once(method: string, path: string, body: unknown, signal: AbortSignal): Promise<Json> {
    const headers: Record<string, string> = { authorization: `Bearer ${await this.key()}`, accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    let response: Response;
    let text: string;
    try {
      const init: RequestInit = { method, headers, signal, redirect: 'error' };
      if (body !== undefined) init.body = JSON.stringify(body);
      response = await this.options.fetch(`${this.options.url}/api/v1/usage${path}`, init);
      text = await response.text();
    } catch (e) {
      throw new UnavailableError('Quotary did not answer', undefined, e);
    }
    return read(response.status, text);
  }
}

function read(status: number, text: string): Json {
  const json = parsed(text);
  const code = typeof json?.code === 'string' ? json.code : undefined;
  if (json !== undefined && (status < 300 || json.decision === 'denied')) return json;
  if (code !== undefined && status >= 400 && status < 500) {
    const pointer = typeof json?.pointer === 'string' ? json.pointer : undefined;
    throw new RequestRefusedError(status, code, String(json?.detail), pointer);
  }
  throw new UnavailableError(`Quotary did not answer: status ${status}${code ? `, ${code}` : ''}`, code);
}

function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}
