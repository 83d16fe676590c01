import { html } from '../lib/html.js';
import { setQuery } from '../lib/router.js';
import { Icon } from './Icon.js';

/**
 * Leads to the next page of a list, and back; nothing where all of it is on one.
 *
 * @param {{ cursor?: string | null, next?: string | null, back?: string, forth?: string, children?: any }} props
 *   cursor: of the page that is shown, null on the first; without it there is no way back but the browser's
 */
export function Pager({ cursor, next, back = 'Back', forth = 'Next', children }) {
  if (!cursor && !next && !children) {
    return null;
  }
  return html`<footer class="pager">
    ${children}
    ${cursor && html`<button class="button" type="button" onClick=${() => history.back()}>${back}</button>`}
    ${
      next &&
      html`<button class="button" type="button" onClick=${() => setQuery({ cursor: next }, true)}>
        ${forth}<${Icon} name="right" size=${14} />
      </button>`
    }
  </footer>`;
}
