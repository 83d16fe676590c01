@NullMarked
package dev.quotary.server.config;

import org.jspecify.annotations.NullMarked;
