import { html } from '../lib/html.js';
import { ThemeButton } from './ThemeButton.js';

/** @param {{ title: any, about?: any, children?: any }} props */
export function PageHead({ title, about, children }) {
  document.title = typeof title === 'string' ? `${title} · Quotary` : 'Quotary';
  return html`<header class="page-head">
    <div>
      <h1>${title}</h1>
      ${about && html`<p>${about}</p>`}
    </div>
    <div class="actions">${children}<${ThemeButton} /></div>
  </header>`;
}
