import { html, useId } from '../lib/html.js';

/**
 * A label, what is entered, and what there is to say about it.
 *
 * @param {{ label: string, hint?: any, error?: string, children: (ids: { id: string, 'aria-describedby'?: string, 'aria-invalid'?: boolean }) => any }} props
 */
export function Field({ label, hint, error, children }) {
  const id = useId();
  const note = `${id}-note`;
  const told = error || hint;
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${children({ id, 'aria-describedby': told ? note : undefined, 'aria-invalid': error ? true : undefined })}
    ${told && html`<small id=${note} data-tone=${error ? 'bad' : undefined}>${told}</small>`}
  </div>`;
}
