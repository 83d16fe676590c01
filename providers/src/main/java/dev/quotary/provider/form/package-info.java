/**
 * Forms with files ({@code multipart/form-data}, RFC 7578) as bytes: the parts are found where they lie, and nothing of them is copied.
 *
 * <p>Read strictly: whatever two parsers could understand differently is refused, since the provider's parser decides what a call costs.
 */
@NullMarked
package dev.quotary.provider.form;

import org.jspecify.annotations.NullMarked;
