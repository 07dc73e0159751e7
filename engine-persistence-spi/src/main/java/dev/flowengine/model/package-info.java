/**
 * The vocabulary shared by the engine, its stores and its hosts: statuses, reasons, failure kinds and the root of all
 * errors. Nothing here runs anything.
 */
@NullMarked
package dev.flowengine.model;

import org.jspecify.annotations.NullMarked;
