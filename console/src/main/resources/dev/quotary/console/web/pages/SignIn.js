import { html, useEffect, useRef, useState } from '../lib/html.js';
import { session, signIn } from '../lib/session.js';
import { Field } from '../parts/Field.js';
import { Icon } from '../parts/Icon.js';
import { Segmented } from '../parts/Segmented.js';
import { ThemeButton } from '../parts/ThemeButton.js';

/** Signing in, with the operators' password or an API key. */
export function SignIn() {
  const passwordSet = session.value?.password_set === true;
  const [way, setWay] = useState(passwordSet ? 'password' : 'key');
  const [secret, setSecret] = useState('');
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => {
    document.title = 'Sign in · Quotary';
    input.current?.focus();
  }, [way]);

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    setBusy(true);
    setError('');
    try {
      await signIn(way === 'password' ? { password: secret } : { key: secret.trim() });
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
      setBusy(false);
      input.current?.select();
    }
  }

  /** @param {string} chosen */
  function choose(chosen) {
    setWay(chosen);
    setSecret('');
    setError('');
  }

  return html`<div class="sign-in">
    <main class="sign-in-main">
    <div class="sign-in-corner"><${ThemeButton} /></div>
    <div class="sign-in-card">
      <span class="brand-mark large" aria-hidden="true"></span>
      <h1>Sign in to Quotary</h1>
      <p class="about">
        ${
          passwordSet
            ? 'Meter, limit and bill what your AI features use.'
            : 'No password is set yet. Sign in with the admin key that the first start printed, then set one under Settings.'
        }
      </p>
      ${
        passwordSet &&
        html`<${Segmented}
        label="Sign in with"
        value=${way}
        options=${[
          ['password', 'Password'],
          ['key', 'API key'],
        ]}
        onChange=${choose}
      />`
      }
      <form onSubmit=${submit}>
        <${Field}
          label=${way === 'password' ? 'Password' : 'API key'}
          hint=${way === 'key' ? 'Of role admin or read. It is not stored in this browser.' : undefined}
          error=${error}
        >
          ${(/** @type {any} */ ids) =>
            html`<input
              ...${ids}
              ref=${input}
              key=${way}
              type="password"
              autocomplete=${way === 'password' ? 'current-password' : 'off'}
              placeholder=${way === 'key' ? 'qk_live_…' : undefined}
              value=${secret}
              required
              onInput=${(/** @type {any} */ event) => setSecret(event.target.value)}
            />`}
        <//>
        <button class="button primary wide" type="submit" disabled=${busy}>
          ${busy ? 'Signing in…' : 'Sign in'}<${Icon} name="right" />
        </button>
      </form>
    </div>
    <p class="sign-in-foot">
      <a href="/docs">API reference</a>
    </p>
    </main>
  </div>`;
}
