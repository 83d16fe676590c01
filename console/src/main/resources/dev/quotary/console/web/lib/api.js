/** The public API, as the pages call it. */

/** What the server refused, in its own words. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {{ code?: string, title?: string, detail?: string, pointer?: string }} told
   */
  constructor(status, told) {
    super(told.detail ?? told.title ?? `The server answered ${status}.`);
    this.status = status;
    this.code = told.code ?? '';
    this.pointer = told.pointer ?? '';
  }
}

/** @typedef {Record<string, string | number | boolean | null | undefined>} Query */

/** How requests are signed; set once by the page, as the console and the portal do it differently. */
const caller = {
  /** @type {() => Record<string, string>} */
  headers: () => ({}),
  /** @type {() => Query} */
  query: () => ({}),
  /** @type {(problem: Problem) => void} */
  refused: () => {},
};

/** @param {Partial<typeof caller>} how */
export function callAs(how) {
  Object.assign(caller, how);
}

/**
 * @param {string} path
 * @param {Query} [query]
 */
export function address(path, query = {}) {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...caller.query(), ...query })) {
    if (value !== null && value !== undefined && value !== '') {
      params.set(name, String(value));
    }
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

/**
 * @param {Response} response
 * @returns {Promise<any>}
 */
async function body(response) {
  const text = await response.text();
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return { detail: response.ok ? 'The server sent no JSON.' : text.slice(0, 200) };
  }
}

/** @param {Response} response */
async function refusal(response) {
  const problem = new Problem(response.status, (await body(response)) ?? {});
  caller.refused(problem);
  return problem;
}

/**
 * A request that is signed as all of the page's; what the server refuses is thrown.
 *
 * @param {string} method
 * @param {string} path
 * @param {{ query?: Query, json?: unknown, headers?: Record<string, string>, signal?: AbortSignal }} [options]
 */
export async function fetchSigned(method, path, { query, json, headers, signal } = {}) {
  const sent = { Accept: 'application/json', ...caller.headers(), ...headers };
  if (json !== undefined) {
    sent['Content-Type'] = 'application/json';
  }
  let response;
  try {
    response = await fetch(address(path, query), {
      method,
      headers: sent,
      body: json === undefined ? undefined : JSON.stringify(json),
      signal,
      credentials: 'same-origin',
    });
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === 'AbortError') {
      throw failure;
    }
    throw new Problem(0, { detail: 'The server cannot be reached.' });
  }
  if (!response.ok) {
    throw await refusal(response);
  }
  return response;
}

/**
 * @param {string} path
 * @param {Query} [query]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function get(path, query, signal) {
  return body(await fetchSigned('GET', path, { query, signal }));
}

/**
 * A thing, and the tag that a change of it is to be based on.
 *
 * @param {string} path
 * @param {AbortSignal} [signal]
 */
export async function getTagged(path, signal) {
  const response = await fetchSigned('GET', path, { signal });
  return { value: await body(response), tag: response.headers.get('ETag') ?? '*' };
}

/**
 * @param {'POST' | 'PUT' | 'PATCH' | 'DELETE'} method
 * @param {string} path
 * @param {unknown} [json]
 * @param {string} [tag] of what was read; the change is refused if somebody else was faster
 * @returns {Promise<any>}
 */
export async function send(method, path, json, tag) {
  /** @type {Record<string, string>} */
  const headers = tag ? { 'If-Match': tag } : {};
  if (method === 'PATCH') {
    headers['Content-Type'] = 'application/merge-patch+json';
  }
  return body(await fetchSigned(method, path, { json, headers }));
}

/**
 * Events of a stream as they come, until it ends or is aborted. With `fetch`, as an `EventSource` cannot show a token.
 *
 * @param {string} path
 * @param {Query} query
 * @param {AbortSignal} signal
 * @param {(event: string, data: any) => void} take
 * @param {() => void} opened
 */
export async function stream(path, query, signal, take, opened) {
  const response = await fetchSigned('GET', path, { query, signal, headers: { Accept: 'text/event-stream' } });
  opened();
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    text += decoder.decode(value, { stream: true }).replaceAll('\r', '');
    let end = text.indexOf('\n\n');
    while (end >= 0) {
      dispatch(text.slice(0, end), take);
      text = text.slice(end + 2);
      end = text.indexOf('\n\n');
    }
  }
}

/**
 * @param {string} block
 * @param {(event: string, data: any) => void} take
 */
function dispatch(block, take) {
  let event = 'message';
  const data = [];
  for (const line of block.split('\n')) {
    if (line.startsWith('event:')) {
      event = line.slice(6).trim();
    } else if (line.startsWith('data:')) {
      data.push(line.slice(5).trimStart());
    }
  }
  if (data.length > 0) {
    take(event, JSON.parse(data.join('\n')));
  }
}
