/** What happens, as it happens: one stream for the page, closed while nobody looks. */
import { effect, signal } from './html.js';
import { stream } from './api.js';
import { organization, session } from './session.js';

const KEPT_MAX = 60;
const PAUSE_MIN_MILLIS = 1_000;
const PAUSE_MAX_MILLIS = 30_000;

/** @type {import('./html.js').Signal<'connecting' | 'live' | 'paused' | 'away'>} */
export const state = signal(/** @type {any} */ ('connecting'));
/** What happened last, the newest first. @type {import('./html.js').Signal<any[]>} */
export const feed = signal(/** @type {any[]} */ ([]));
/** Counts what was used, so that those who show sums know when to look again. */
export const pulse = signal(0);
/** Whether the feed stands still, so that somebody can read it. */
export const held = signal(false);

let last = '';
let number = 0;

/** @param {string} kind @param {any} data */
function take(kind, data) {
  if (kind === 'usage') {
    pulse.value += 1;
  }
  const shown = kind === 'usage' || (kind === 'decision' && data.decision !== 'allowed');
  if (shown && !held.value) {
    number += 1;
    feed.value = [{ kind, number, ...data }, ...feed.value].slice(0, KEPT_MAX);
  }
}

/** @param {AbortSignal} signal */
async function follow(signal) {
  let pause = PAUSE_MIN_MILLIS;
  while (!signal.aborted) {
    try {
      state.value = 'connecting';
      await stream('/api/v1/admin/stream', {}, signal, take, () => {
        state.value = 'live';
        pause = PAUSE_MIN_MILLIS;
      });
    } catch {
      // Whatever it was: it is tried again.
    }
    if (!signal.aborted) {
      state.value = 'away';
      await new Promise((done) => setTimeout(done, pause));
      pause = Math.min(PAUSE_MAX_MILLIS, pause * 2);
    }
  }
}

/** Follows the stream as long as the page is looked at. @returns {() => void} ends it */
export function connect() {
  /** @type {AbortController | null} */
  let open = null;
  function begin() {
    if (!open && !document.hidden) {
      open = new AbortController();
      follow(open.signal);
    }
  }
  function end() {
    open?.abort();
    open = null;
    state.value = 'paused';
  }
  const look = () => (document.hidden ? end() : begin());
  document.addEventListener('visibilitychange', look);
  const stop = effect(() => {
    const wanted = `${session.value?.csrf ?? ''} ${organization.value?.key ?? ''}`;
    if (wanted !== last) {
      last = wanted;
      feed.value = [];
      end();
    }
    begin();
  });
  return () => {
    stop();
    document.removeEventListener('visibilitychange', look);
    last = '';
    end();
  };
}
