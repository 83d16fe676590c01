import { html, useEffect, useId, useRef } from '../lib/html.js';
import { Icon } from './Icon.js';

/**
 * A question that is answered before anything else. Escape and the cross close it; the browser keeps the focus in it.
 *
 * @param {{ title: string, about?: any, onClose: () => void, wide?: boolean, children?: any }} props
 */
export function Dialog({ title, about, onClose, wide = false, children }) {
  const id = useId();
  const element = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    const dialog = element.current;
    if (dialog && !dialog.open) {
      dialog.showModal();
    }
    return () => dialog?.close();
  }, []);
  /** @param {MouseEvent} event */
  function outside(event) {
    if (event.target === element.current) {
      onClose();
    }
  }
  return html`<dialog
    class="dialog"
    data-wide=${wide ? '' : undefined}
    ref=${element}
    aria-labelledby=${id}
    onCancel=${(/** @type {Event} */ event) => {
      event.preventDefault();
      onClose();
    }}
    onMouseDown=${outside}
  >
    <div class="dialog-body">
      <header>
        <h2 id=${id}>${title}</h2>
        <button class="button icon plain" type="button" aria-label="Close" onClick=${onClose}>
          <${Icon} name="close" />
        </button>
      </header>
      ${about && html`<p class="about">${about}</p>`} ${children}
    </div>
  </dialog>`;
}
