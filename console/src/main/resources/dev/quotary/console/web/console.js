/** Where the console begins. */
import { html, render } from './lib/html.js';
import { loadSession } from './lib/session.js';
import { Console } from './pages/Console.js';

const root = /** @type {HTMLElement} */ (document.getElementById('root'));
render(html`<${Console} />`, root);
loadSession().catch(() => {
  root.textContent = 'The server cannot be reached. Load this page again in a moment.';
});
