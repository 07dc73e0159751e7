/** The rules of the house, checked on the compiled classes of engine-core: layers, names, and what the API shows. */
package dev.flowengine.architecture;
