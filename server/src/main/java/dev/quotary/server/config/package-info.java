/** The configuration: one tree of records, read once from a file and the environment, every key checked. */
@NullMarked
package dev.quotary.server.config;

import org.jspecify.annotations.NullMarked;
