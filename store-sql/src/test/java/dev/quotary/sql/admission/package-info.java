@NullMarked
package dev.quotary.sql.admission;

import org.jspecify.annotations.NullMarked;
