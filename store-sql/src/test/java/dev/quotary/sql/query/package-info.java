@NullMarked
package dev.quotary.sql.query;

import org.jspecify.annotations.NullMarked;
