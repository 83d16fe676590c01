/** What every component needs of the libraries, in one place. */
import { h, render, Fragment } from '../vendor/preact.js';
import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from '../vendor/preact-hooks.js';
import { batch, computed, effect, signal } from '../vendor/signals.js';
import htm from '../vendor/htm.js';

/**
 * A value that components which read it follow.
 *
 * @template T
 * @typedef {{ value: T, peek: () => T }} Signal
 */

/** @type {(parts: TemplateStringsArray, ...values: any[]) => any} */
export const html = htm.bind(h);
const draw = /** @type {(what: any, into: Element) => void} */ (/** @type {any} */ (render));
export { draw as render, Fragment };
export { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState };
export { batch, computed, effect, signal };
