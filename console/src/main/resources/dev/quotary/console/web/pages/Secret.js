import { html } from '../lib/html.js';
import { Copy } from '../parts/Copy.js';
import { Icon } from '../parts/Icon.js';

/**
 * A new secret, the only time that it can be seen.
 *
 * @param {{ made: any, onClose: () => void }} props
 */
export function Secret({ made, onClose }) {
  return html`<div class="notice" data-tone="warn"><${Icon} name="eye" /><span>Copy it now. <b>It is shown this once</b>; only its hash is kept.</span></div>
    <textarea class="secret spaced" readonly rows="3" aria-label="Secret">${made.secret}</textarea>
    <footer class="dialog-foot">
      <${Copy} text=${made.secret} label="Copy secret" />
      <button class="button primary" type="button" onClick=${onClose}>Done</button>
    </footer>`;
}
