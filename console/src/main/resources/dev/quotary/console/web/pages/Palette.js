import { html, useEffect, useRef, useState } from '../lib/html.js';
import { get } from '../lib/api.js';
import { go } from '../lib/router.js';
import { switchTheme } from '../lib/theme.js';
import { Icon } from '../parts/Icon.js';
import { groups } from './places.js';

const PAUSE_MILLIS = 150;
const SUBJECTS_MAX = 6;
const EVENT_ID = /^evt_[0-9a-f]{32}$/;

/** @typedef {{ key: string, name: string, note: string, icon: string, act: () => void }} Choice */

/** @param {string} text @returns {Choice[]} */
function places(text) {
  const wanted = text.toLowerCase();
  const pages = groups()
    .flatMap((group) => group.places)
    .filter((place) => place.name.toLowerCase().includes(wanted))
    .map((place) => ({
      key: place.path,
      name: place.name,
      note: 'page',
      icon: place.icon,
      act: () => go(place.path),
    }));
  const theme = { key: 'theme', name: 'Switch between light and dark', note: 'look', icon: 'moon', act: switchTheme };
  return theme.name.toLowerCase().includes(wanted) ? [...pages, theme] : pages;
}

/** @param {string} text @returns {Choice[]} */
function events(text) {
  const id = text.trim();
  return EVENT_ID.test(id)
    ? [{ key: id, name: id, note: 'event', icon: 'events', act: () => go(`/events?q=${id}&event=${id}`) }]
    : [];
}

/** The subjects whose key or name has a text in it. @param {string} text */
function useSubjects(text) {
  const [found, setFound] = useState(/** @type {Choice[]} */ ([]));
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const answer = text
          ? await get('/api/v1/subjects', { q: text, limit: SUBJECTS_MAX }, abort.signal)
          : { subjects: [] };
        setFound(
          answer.subjects.map((/** @type {any} */ one) => ({
            key: `subject ${one.key}`,
            name: one.name ?? one.key,
            note: one.key,
            icon: 'subjects',
            act: () => go(`/subjects/${encodeURIComponent(one.key)}`),
          })),
        );
      } catch {
        setFound([]);
      }
    }, PAUSE_MILLIS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text]);
  return found;
}

/** @param {{ onClose: () => void }} props */
function Open({ onClose }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const choices = [...places(text), ...useSubjects(text.trim()), ...events(text)];
  const here = Math.min(at, choices.length - 1);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);

  /** @param {Choice | undefined} choice */
  function take(choice) {
    if (choice) {
      onClose();
      choice.act();
    }
  }
  /** @param {KeyboardEvent} event */
  function key(event) {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setAt((here + step + choices.length) % choices.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      take(choices[here]);
    }
  }
  return html`<dialog
    class="palette"
    ref=${dialog}
    aria-label="Go to"
    onCancel=${onClose}
    onMouseDown=${(/** @type {MouseEvent} */ event) => event.target === dialog.current && onClose()}
  >
    <label class="palette-input">
      <${Icon} name="search" size=${18} />
      <span class="unseen">Page, subject or event</span>
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-choices"
        aria-activedescendant=${choices[here] ? `palette-${here}` : undefined}
        placeholder="Page, subject or event…"
        value=${text}
        onKeyDown=${key}
        onInput=${(/** @type {any} */ event) => {
          setText(event.target.value);
          setAt(0);
        }}
      />
      <kbd>esc</kbd>
    </label>
    <ul id="palette-choices" role="listbox" aria-label="Choices">
      ${choices.map(
        (choice, i) =>
          html`<li
            key=${choice.key}
            id=${`palette-${i}`}
            role="option"
            aria-selected=${i === here}
            onMouseMove=${() => setAt(i)}
            onMouseDown=${() => take(choice)}
          >
            <${Icon} name=${choice.icon} /><span>${choice.name}</span><small>${choice.note}</small>
          </li>`,
      )}
    </ul>
    ${choices.length === 0 && html`<p class="palette-none">Nothing of that name.</p>`}
  </dialog>`;
}

/** Ctrl or Command and K: goes anywhere by a few letters. */
export function Palette() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    /** @param {KeyboardEvent} event */
    function key(event) {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setOpen(true);
      }
    }
    addEventListener('keydown', key);
    return () => removeEventListener('keydown', key);
  }, []);
  return html`<button class="palette-button" type="button" onClick=${() => setOpen(true)}>
      <${Icon} name="search" size=${14} /><span>Go to…</span><kbd>Ctrl K</kbd>
    </button>
    ${open && html`<${Open} onClose=${() => setOpen(false)} />`}`;
}
