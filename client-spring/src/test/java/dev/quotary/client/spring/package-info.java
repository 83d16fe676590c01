@NullMarked
package dev.quotary.client.spring;

import org.jspecify.annotations.NullMarked;
