/**
 * Files that are only appended to, for what must be safe before it is anywhere else: {@link dev.quotary.journal.JournalFile} and the
 * {@link dev.quotary.journal.Records} in it.
 *
 * <p>A record is there whole or not at all: what a crash or a full disk cut off is recognised and never read. What records mean, and
 * when they may be forgotten, is their owner's business.
 */
@NullMarked
package dev.quotary.journal;

import org.jspecify.annotations.NullMarked;
