import { html, useId } from '../lib/html.js';

/**
 * @param {{ title: any, about?: any, actions?: any, name?: string, children?: any }} props
 *   `name` is a class by which the style knows the card
 */
export function Card({ title, about, actions, name = '', children }) {
  const id = useId();
  return html`<section class=${`card ${name}`} aria-labelledby=${id}>
    <header class="card-head">
      <div>
        <h2 id=${id}>${title}</h2>
        ${about && html`<p class="about">${about}</p>`}
      </div>
      ${actions && html`<div class="actions">${actions}</div>`}
    </header>
    ${children}
  </section>`;
}
