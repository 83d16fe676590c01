/** Where the portal begins. */
import { html, render } from './lib/html.js';
import { Portal } from './portal/Portal.js';

render(html`<${Portal} />`, /** @type {HTMLElement} */ (document.getElementById('root')));
