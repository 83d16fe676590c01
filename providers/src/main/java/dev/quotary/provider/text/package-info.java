/**
 * What a model wrote and what names it goes by, collected from raw JSON strings as they pass; and the vocabularies that count text.
 *
 * <p>Shared by all formats; nothing here knows a provider.
 */
@NullMarked
package dev.quotary.provider.text;

import org.jspecify.annotations.NullMarked;
