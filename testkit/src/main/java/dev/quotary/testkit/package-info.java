/**
 * What every module's tests share: a clock that is told the time, seeded runs, size budgets of the sources and the contract suites
 * of the ports. Nothing here is published or runs in production; a test of one module only does not belong here.
 */
@NullMarked
package dev.quotary.testkit;

import org.jspecify.annotations.NullMarked;
