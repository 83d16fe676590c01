@NullMarked
package dev.quotary.server.command;

import org.jspecify.annotations.NullMarked;
