/**
 * Server-sent events as bytes (WHATWG HTML, section 9.2), cut into whole events and put together again without copying what does not
 * change. Lines end with LF or CRLF; the lone CR that the standard also allows is sent by no provider and is taken for content.
 */
@NullMarked
package dev.quotary.provider.sse;

import org.jspecify.annotations.NullMarked;
