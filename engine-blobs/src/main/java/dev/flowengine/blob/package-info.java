/** Large payloads as files: {@link dev.flowengine.blob.FileBlobStore}. */
@NullMarked
package dev.flowengine.blob;

import org.jspecify.annotations.NullMarked;
