/** The address bar is the state: what is shown follows from it, and what is chosen goes into it. */
import { signal } from './html.js';

const ROOT = '/console';

/** @returns {{ path: string, query: URLSearchParams }} */
function read() {
  const path = location.pathname.slice(ROOT.length).replace(/\/+$/, '') || '/';
  return { path, query: new URLSearchParams(location.search) };
}

export const route = signal(read());

addEventListener('popstate', () => {
  route.value = read();
});

/** @param {string} path below the console */
export function href(path) {
  return ROOT + (path === '/' ? '' : path);
}

/** @param {string} path below the console, with its query */
export function go(path) {
  history.pushState(null, '', href(path));
  route.value = read();
  scrollTo(0, 0);
  document.getElementById('main')?.focus({ preventScroll: true });
}

/**
 * @param {Record<string, string | null | undefined>} changes null or nothing takes a parameter out
 * @param {boolean} [remember] whether the browser's way back leads to what was before
 */
export function setQuery(changes, remember = false) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === '') {
      query.delete(name);
    } else {
      query.set(name, value);
    }
  }
  const text = query.toString();
  const address = location.pathname + (text ? `?${text}` : '');
  history[remember ? 'pushState' : 'replaceState'](null, '', address);
  route.value = read();
}

/** @param {string} name */
export function param(name) {
  return route.value.query.get(name) ?? '';
}

// Links within the console change the page without loading it anew.
addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!(link instanceof HTMLAnchorElement) || !plain || link.target || link.hasAttribute('download')) {
    return;
  }
  const to = new URL(link.href);
  if (to.origin === location.origin && (to.pathname === ROOT || to.pathname.startsWith(`${ROOT}/`)) && !to.hash) {
    event.preventDefault();
    go(to.pathname.slice(ROOT.length) + to.search);
  }
});
