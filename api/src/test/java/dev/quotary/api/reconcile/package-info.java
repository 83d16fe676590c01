@NullMarked
package dev.quotary.api.reconcile;

import org.jspecify.annotations.NullMarked;
